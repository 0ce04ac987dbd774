// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/mapping/condition.hpp"

#include <algorithm>

namespace nudged::sources {

Nulls::Nulls(std::vector<std::string> texts) : texts_(std::move(texts)) {
    empty_array_ = std::erase(texts_, "[]") > 0;
    empty_object_ = std::erase(texts_, "{}") > 0;
}

bool Nulls::has(std::string_view text) const {
    return text.empty() || std::ranges::count(texts_, text) > 0;
}

bool Nulls::has(const json::Value* value) const {
    if (!value || value->IsNull()) return true;
    if (value->IsArray()) return empty_array_ && value->Empty();
    if (value->IsObject()) return empty_object_ && value->ObjectEmpty();
    return has(json::scalar(value).value_or(std::string_view{}));
}

bool Condition::holds(const json::Value* found) const {
    static const Nulls none;
    if (present) return *present != (nulls ? *nulls : none).has(found);
    const auto text = json::scalar(found).value_or(std::string_view{});
    if (!in.empty()) return std::ranges::count(in, text) > 0;
    if (!prefix.empty())
        return std::ranges::any_of(prefix,
                                   [&](const auto& start) { return text.starts_with(start); });
    return std::ranges::count(except, text) == 0;
}

}  // namespace nudged::sources
