// SPDX-License-Identifier: Apache-2.0
#include "connectors/model/choices.hpp"

#include <catch2/catch.hpp>

using namespace nudged::model;

TEST_CASE("every choice of a field stands in what the manual says of it, and in that order") {
    std::size_t fields = 0;
    for (const auto entity : all_entities())
        for (const auto& field : fields_of(entity)) {
            const auto choices = choices_of(entity, field.name);
            if (!choices.empty()) ++fields;
            std::size_t from = 0;
            for (const auto choice : choices) {
                CAPTURE(to_string(entity), field.name, choice);
                const auto at = field.meaning.find(choice, from);
                REQUIRE(at != std::string_view::npos);
                from = at + choice.size();
            }
        }
    CHECK(fields == 5);
}
