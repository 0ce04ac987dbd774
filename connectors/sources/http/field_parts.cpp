// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/field_parts.hpp"

#include "connectors/net/http.hpp"
#include "connectors/sources/mapping/record_compiler.hpp"

namespace nudged::sources {
namespace {

/// With the comma behind it, which an address writes as three characters.
std::size_t length_in_address(const std::string& name) {
    return net::url_encode(name).size() + 3;
}

}  // namespace

std::set<std::string> field_names(const FieldNames& names, std::span<const json::Path> places) {
    std::set<std::string> fields;
    for (const auto& place : places) {
        const auto name = place.name_after(names.below, names.join);
        const bool comes_by_itself =
            !names.except.empty() && name.find(names.except) != std::string::npos;
        if (!name.empty() && !comes_by_itself) fields.insert(name);
    }
    return fields;
}

std::set<std::string> key_fields(const FieldNames& names, const RecordPlan& record) {
    RecordPlan keys;
    keys.id = record.id;
    keys.modified = record.modified;
    keys.deleted = record.deleted;
    return field_names(names, places_read(keys));
}

std::vector<std::vector<std::string>> field_parts(const FieldNames& names,
                                                  const std::vector<std::string>& fields,
                                                  const std::set<std::string>& keys) {
    std::vector<std::string> first;  // the keys that are asked for at all
    std::size_t length_of_keys = 0;
    for (const auto& field : fields) {
        if (!keys.contains(field)) continue;
        first.push_back(field);
        length_of_keys += length_in_address(field);
    }
    std::vector<std::vector<std::string>> parts{first};
    std::size_t length = length_of_keys;
    for (const auto& field : fields) {
        if (keys.contains(field)) continue;
        const auto more = length_in_address(field);
        const bool is_full = (names.most > 0 && parts.back().size() >= names.most) ||
                             (names.longest > 0 && length + more > names.longest);
        if (is_full && parts.back().size() > first.size()) {
            parts.push_back(first);
            length = length_of_keys;
        }
        parts.back().push_back(field);
        length += more;
    }
    if (parts.size() == 1) return {fields};
    return parts;
}

}  // namespace nudged::sources
