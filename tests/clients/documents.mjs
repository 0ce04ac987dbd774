// SPDX-License-Identifier: Apache-2.0
// Which of the vendors' documents a connector's requests are held against, below which path each
// stands, and what no document tells.
export const documents = {
  pipedrive: {
    files: [
      { file: "pipedrive/pipedrive-v1-openapi.yml", base: "/v1" },
      { file: "pipedrive/pipedrive-v2-openapi.yml", base: "/api/v2" },
    ],
  },
  close: { files: [{ file: "close/close-openapi.yml", base: "/api/v1" }] },
  zoho: {
    files: ["record", "coql", "users", "fields", "pipeline"].map((name) => ({
      file: `zoho/zoho-crm-v8-${name}.json`,
      base: "/crm/v8",
    })),
    // These go to the simulator as they are.
    undescribed: {
      "/oauth/v2/token": "the token is another server's business",
      "/crm/v8/settings/layouts": "there is no document of layouts",
    },
  },
};
