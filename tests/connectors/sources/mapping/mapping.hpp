// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/toml.hpp"
#include "connectors/sources/mapping/decode.hpp"
#include "connectors/sources/mapping/record_compiler.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <string>
#include <vector>

namespace nudged::tests {

/// A mapping as a manifest writes it, and answers that it reads.
struct Mapping {
    explicit Mapping(const std::string& text, model::Entity entity = model::Entity::task,
                     std::vector<std::string> nulls = {}) {
        const auto table = parse_toml(text, "crm.toml", problems);
        REQUIRE(table);
        sources::RecordCompiler compiler{settings, own, zone, problems};
        compiler.set_nulls(sources::Nulls{std::move(nulls)});
        compiler.set_lookups(
            {{"outcomes", sources::json::Path::parse("/name")}, {"logs", std::nullopt}});
        sources::TomlTable top{*table, "crm.toml", problems};
        plan = compiler.read(entity, top);
        top.finish();
    }

    sources::Tally read(std::string body, const std::string& records = "") {
        page = model::Page{};
        auto& text = page.adopt(std::move(body));
        const auto document = sources::json::parse(text);
        REQUIRE(document);
        return sources::decode(*document, *sources::json::Path::parse(records), plan, page, tables);
    }

    /// A field of the record, as a person would write it.
    std::string shown(const std::string& field, std::size_t record = 0) const {
        const auto& value =
            page.records.at(record).values.at(*model::field_index(plan.entity, field));
        if (const auto* number = std::get_if<std::int64_t>(&value)) {
            const auto type =
                model::fields_of(plan.entity)[*model::field_index(plan.entity, field)].type;
            return type == model::FieldType::instant ? format_instant(from_millis(*number))
                                                     : std::to_string(*number);
        }
        const auto* text = std::get_if<std::string_view>(&value);
        return text ? std::string{*text} : "null";
    }

    /// Of the only record of an answer.
    std::string of(const std::string& body, const std::string& field) {
        read(body);
        return shown(field);
    }

    Diagnostics problems;
    sources::Settings settings;
    std::map<std::string, sources::FieldMapping> own;
    Zone zone = Zone::utc();
    sources::RecordPlan plan;
    sources::LookupTables tables{2};
    model::Page page;
};

}  // namespace nudged::tests
