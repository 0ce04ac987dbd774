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

Shape Shape::of(Kind kind) {
    Shape shape;
    shape.kind = kind;
    return shape;
}

Shape Shape::text(std::string form, std::string pattern) {
    auto shape = of(Kind::text);
    shape.form = std::move(form);
    shape.pattern = std::move(pattern);
    return shape;
}

Shape Shape::one_of(std::vector<std::string> words) {
    auto shape = of(Kind::text);
    shape.words = std::move(words);
    return shape;
}

Shape Shape::list_of(Shape element) {
    auto shape = of(Kind::list);
    shape.parts.push_back(std::move(element));
    return shape;
}

Shape Shape::table_of(Shape value) {
    auto shape = of(Kind::table);
    shape.parts.push_back(std::move(value));
    return shape;
}

Shape Shape::either(std::vector<Shape> alternatives) {
    auto shape = of(Kind::either);
    shape.parts = std::move(alternatives);
    return shape;
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
