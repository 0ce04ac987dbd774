// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/manifest.hpp"
#include "tests/fuzz/targets.hpp"

namespace nudged::fuzz {

void fuzz_manifest(std::string_view input) {
    sources::SourceOptions source{.name = "fuzz", .connector = "http"};
    source.connector_options = sources::HttpSourceOptions{
        .manifest = "fuzz.toml", .credentials = {{"token", Secret{"token"}}}};
    Diagnostics problems;
    const auto manifest = sources::compile_manifest_text(input, "fuzz.toml", source, problems);
    if (problems.has_errors()) return;
    for (const auto& stream : manifest.streams)
        promise(manifest.find(stream.entity) != nullptr, "a stream is found by its entity");
}

}  // namespace nudged::fuzz
