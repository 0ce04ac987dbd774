// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/manifest.hpp"
#include "tests/fuzz/targets.hpp"

namespace nudged::fuzz {

void fuzz_manifest(std::string_view input) {
    sources::HttpSourceOptions http;
    http.manifest = "fuzz.toml";
    http.credentials["token"] = Secret{"token"};
    sources::SourceOptions source;
    source.name = "fuzz";
    source.connector = "http";
    source.connector_options = http;
    Diagnostics problems;
    const auto manifest = sources::compile_manifest_text(input, "fuzz.toml", source, problems);
    if (problems.has_errors()) return;
    for (const auto& stream : manifest.streams)
        promise(manifest.find(stream.entity) != nullptr, "a stream is found by its entity");
}

}  // namespace nudged::fuzz
