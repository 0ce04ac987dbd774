// SPDX-License-Identifier: Apache-2.0
#include "daemon/config/shape.hpp"

#include <algorithm>

namespace nudged::config {
namespace {

/// The key of that name; made when it is not there.
ShapeKey& key_named(Shape& table, std::string_view name) {
    const auto found = std::find_if(table.keys.begin(), table.keys.end(),
                                    [&](const ShapeKey& key) { return key.name == name; });
    if (found != table.keys.end()) return *found;
    table.keys.push_back({std::string{name}, {}, {}, false, Shape::of(Shape::Kind::table)});
    return table.keys.back();
}

}  // namespace

Shape Shape::text(std::string form, std::string pattern) {
    return {.kind = Kind::text, .form = std::move(form), .pattern = std::move(pattern)};
}

Shape Shape::one_of(std::vector<std::string> words) {
    return {.kind = Kind::text, .words = std::move(words)};
}

Shape Shape::list_of(Shape element) {
    return {.kind = Kind::list, .parts = {std::move(element)}};
}

Shape Shape::table_of(Shape value) {
    return {.kind = Kind::table, .parts = {std::move(value)}};
}

Shape Shape::either(std::vector<Shape> alternatives) {
    return {.kind = Kind::either, .parts = std::move(alternatives)};
}

void Shape::add(std::string_view dotted, ShapeKey key) {
    const auto dot = dotted.find('.');
    if (dot != dotted.npos)
        return key_named(*this, dotted.substr(0, dot)).shape.add(dotted.substr(dot + 1), key);
    const auto* there = find(dotted);
    key.name = dotted;
    if (!there) return keys.push_back(std::move(key));
    auto& first = key_named(*this, dotted);
    first.meaning += "; or: " + key.meaning;
    first.shape = either({std::move(first.shape), std::move(key.shape)});
}

const ShapeKey* Shape::find(std::string_view name) const {
    const auto found = std::find_if(keys.begin(), keys.end(),
                                    [&](const ShapeKey& key) { return key.name == name; });
    return found == keys.end() ? nullptr : &*found;
}

}  // namespace nudged::config
