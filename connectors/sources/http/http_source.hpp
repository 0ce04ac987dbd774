// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/diagnostics.hpp"
#include "connectors/sources/catalog.hpp"
#include "connectors/sources/http/manifest.hpp"

#include <memory>
#include <string>

namespace nudged::sources {

/// The connector "http": interprets manifests (docs/connectors.md). Every problem of the manifest
/// that the source names, and of what the source gives it.
void check_http(const SourceOptions& source, const std::string& manifest_folder,
                Diagnostics& problems);
/// The manifest that a source names, compiled for it. Throws Failure(needs_person) for options that
/// check_http() would refuse.
Manifest read_manifest(const SourceOptions& source, const std::string& manifest_folder);
/// Throws Failure(needs_person) for options that check_http() would refuse.
std::unique_ptr<Source> make_http(const SourceOptions& source, const SourceContext& context);
/// The same with a manifest that has been changed since it was read.
std::unique_ptr<Source> make_http(Manifest manifest, const SourceOptions& source,
                                  const SourceContext& context);

}  // namespace nudged::sources
