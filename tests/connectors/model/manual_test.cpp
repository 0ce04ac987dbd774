// SPDX-License-Identifier: Apache-2.0
#include "connectors/model/entity.hpp"
#include "tests/paths.hpp"

#include <catch2/catch.hpp>

#include <fmt/format.h>

#include <fstream>

using namespace nudged::model;

namespace {

std::string word_of(const Field& field) {
    switch (field.type) {
    case FieldType::text: return "text";
    case FieldType::integer: return "whole number";
    case FieldType::boolean: return "true or false";
    case FieldType::decimal: return "decimal number";
    case FieldType::instant: return "point in time";
    case FieldType::date: return "day";
    case FieldType::reference: return fmt::format("id of `{}`", to_string(*field.refers_to));
    case FieldType::json: return "JSON object";
    }
    return {};
}

/// The tables of docs/records.md.
std::string tables() {
    std::string text;
    for (const auto entity : all_entities()) {
        text += fmt::format("## {}\n\n| field | is | meaning |\n| --- | --- | --- |\n",
                            to_string(entity));
        for (const auto& field : fields_of(entity))
            text += fmt::format("| `{}` | {} | {} |\n", field.name, word_of(field), field.meaning);
        text += '\n';
    }
    text.pop_back();
    return text;
}

}  // namespace

TEST_CASE("the manual tells every field of every entity") {
    std::ifstream file{NUDGED_SOURCE_DIR "/docs/records.md"};
    const std::string manual{std::istreambuf_iterator<char>(file), {}};
    const auto begin = manual.find("## ");
    REQUIRE(begin != std::string::npos);
    CHECK(manual.substr(begin) == tables());
}
