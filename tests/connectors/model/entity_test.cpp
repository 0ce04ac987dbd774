// SPDX-License-Identifier: Apache-2.0
#include "connectors/model/entity.hpp"
#include "connectors/model/record.hpp"

#include <catch2/catch.hpp>

using namespace nudged::model;

TEST_CASE("every entity is found by its name and has room for its fields in a record") {
    for (const auto entity : all_entities()) {
        CAPTURE(to_string(entity));
        CHECK(entity_of(to_string(entity)) == entity);
        CHECK(fields_of(entity).size() <= max_fields);
    }
    CHECK_FALSE(entity_of("deal").has_value());
}

TEST_CASE("a reference field says what it refers to, and no other field does") {
    for (const auto entity : all_entities())
        for (const auto& field : fields_of(entity)) {
            CAPTURE(to_string(entity), field.name);
            CHECK(field.refers_to.has_value() == (field.type == FieldType::reference));
            CHECK(field_index(entity, field.name) ==
                  std::size_t(&field - fields_of(entity).data()));
        }
}
