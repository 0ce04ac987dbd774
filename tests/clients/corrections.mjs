// SPDX-License-Identifier: Apache-2.0
// Where the vendors' documents are known to be wrong, and what is right. A correction changes a copy of
// the document before Prism reads it; an excuse forgives one kind of violation of one kind of request.

function walk(node, visit) {
  if (node === null || typeof node !== "object") return;
  visit(node);
  for (const member of Object.values(node)) walk(member, visit);
}

// What of an answer was seen to be null, which OpenAPI 3.0 has a word for that is not used.
function let_be_null(document, names) {
  walk(document, ({ properties }) => {
    for (const name of names)
      if (properties?.[name]?.type) {
        properties[name].nullable = true;
        properties[name].enum?.push(null);
      }
  });
}

function parameters_of(document, path) {
  return document.paths[path].get.parameters;
}

const pipedrive = [
  {
    document: "v1",
    why: "the list of call logs is null where there are none, as empty lists of v1 may be",
    correct({ paths }) {
      let_be_null(paths["/callLogs"].get.responses[200].content["application/json"].schema, ["data"]);
    },
  },
  {
    document: "v2",
    why: "the last page's cursor is null, as the text on pagination says; what nobody filled in is null",
    correct(document) {
      let_be_null(document, ["next_cursor"]);
      // of deals
      let_be_null(document, ["lost_time", "won_time", "stage_change_time", "close_time", "update_time"]);
      // of organizations and persons
      let_be_null(document, ["address", "picture_id", "postal_address", "notes", "birthday", "job_title"]);
      // of activities
      let_be_null(document, ["deal_id", "lead_id", "project_id", "person_id", "org_id", "location", "priority", "note"]);
      let_be_null(document, ["conference_meeting_client", "conference_meeting_url", "conference_meeting_id"]);
      let_be_null(document, ["public_description", "marked_as_done_time", "duration", "due_time"]);
    },
  },
  {
    document: "v2",
    why: "several statuses may stand between commas, as their description says; the enumeration has them one by one",
    correct(document) {
      for (const path of ["/deals", "/deals/archived"]) {
        const status = parameters_of(document, path).find(({ name }) => name === "status");
        status.schema = { type: "string", pattern: "^(open|won|lost|deleted)(,(open|won|lost|deleted))*$" };
      }
    },
  },
];

const zoho = [
  {
    document: "zoho",
    why: "the header reads Zoho-oauthtoken where OAuth 2 would have Bearer, which is all that Prism lets pass",
    correct({ components }) {
      components.securitySchemes["iam-oauth2-schema"] = { type: "apiKey", in: "header", name: "Authorization" };
    },
  },
  {
    document: "users",
    why: "who somebody reports to is told with id and name; the schema is that of what is written",
    correct({ components }) {
      const manager = {
        type: "object",
        required: ["id", "name"],
        properties: { id: { type: "string" }, name: { type: "string" } },
      };
      components.schemas.UserDetails.properties.Reporting_To = { oneOf: [manager, { type: "null" }] };
    },
  },
  {
    document: "fields",
    why: "the documentation's own examples do without include, and two of its values cannot be all there is",
    correct({ components }) {
      components.parameters.Includes.required = false;
    },
  },
  {
    document: "coql",
    why: "a query has up to 2,000 rows, as the documentation of its LIMIT says; 200 is what there is without one",
    correct(document) {
      document.paths["/coql"].post.responses[200].content["application/json"].schema.properties.data.maxItems = 2000;
    },
  },
  {
    document: "record",
    why: "a list has up to 200 rows, as per_page says",
    correct({ components }) {
      components.schemas.RecordGETSucessResponse.properties.data.maxItems = 200;
    },
  },
  {
    document: "record",
    why: "where there is no other page, its token and that one's end are null, as the documentation's examples have it",
    correct(document) {
      walk(document, ({ properties }) => {
        for (const name of ["next_page_token", "previous_page_token", "page_token_expiry"])
          if (properties?.[name]?.type === "string") properties[name].type = ["string", "null"];
      });
    },
  },
];

const close = [
  {
    document: "close",
    why: "ids stand between commas, as their description says; the schema says that the parameter is repeated",
    correct(document) {
      for (const kind of ["call", "meeting"])
        for (const parameter of parameters_of(document, `/activity/${kind}/`))
          if (parameter.name === "id__in") parameter.schema = { type: "string" };
    },
  },
  {
    document: "close",
    why: "leads are searched by `query`, as the guide to searching says; the list's own page leaves it out",
    correct(document) {
      parameters_of(document, "/lead/").push({ name: "query", in: "query", schema: { type: "string" } });
    },
  },
  {
    document: "close",
    why: "every end point knows _fields, as the introduction says; the lists of calls leave it out",
    correct(document) {
      parameters_of(document, "/activity/call/").push({ name: "_fields", in: "query", schema: { type: "string" } });
    },
  },
];

export const corrections = { pipedrive, zoho, close };

// Who asks for some fields alone gets no others: missing may be what was not asked for, nothing else.
function not_asked_for({ url }, { code, message }) {
  const missing = /must have required property '(.*)'/.exec(message)?.[1];
  return code === "required" && url.query._fields !== undefined && !url.query._fields.split(",").includes(missing);
}

export const excuses = { close: [not_asked_for] };
