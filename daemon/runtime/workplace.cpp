// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/workplace.hpp"

namespace nudged::runtime {

std::unique_ptr<sources::Source> make_source(const sources::SourceOptions& options,
                                             const sources::SourceContext& context) {
    const auto* connector = sources::find_connector(options.connector);
    if (connector == nullptr)
        throw Failure(FailureKind::needs_person,
                      fmt::format("source {}: no connector is called \"{}\"", options.name,
                                  options.connector));
    return connector->make(options, context);
}

}  // namespace nudged::runtime
