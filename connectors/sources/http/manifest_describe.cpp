// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/manifest_compiler.hpp"

#include <fmt/format.h>

namespace nudged::sources {

void ManifestCompiler::read_describe(TomlTable& table, StreamPlan& stream) {
    auto inner = table.table("describe");
    if (!inner) return;
    DescribePlan plan;
    const auto inherited = arguments_of(stream);
    plan.call = read_call(*inner, inherited, {"page.token", "page.number", "page.offset"}, {});
    for (const auto& place : inner->texts("names"))
        plan.names.push_back(path_of(place, inner->place("names"), problems_));
    if (plan.names.empty())
        inner->error("names", "it is not said where the fields' names stand",
                     "add names = \"/results/*/name\"");
    plan.forms = inner->texts("forms");
    for (const auto& form : plan.forms)
        if (form.find("{name}") == std::string::npos)
            inner->error("forms", fmt::format("\"{}\" does not say where the name stands", form),
                         "write {name} in it, such as \"_{name}_value\"");
    plan.complete = inner->flag("complete");
    plan.every =
        std::chrono::duration_cast<std::chrono::seconds>(duration(*inner, "every", plan.every));
    if (plan.every < std::chrono::minutes{1})
        inner->error("every", "fields are looked for too often", "write at least \"1m\"");
    inner->finish();
    stream.describe = std::move(plan);
}

}  // namespace nudged::sources
