// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/paths.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <rapidjson/document.h>
#include <rapidjson/pointer.h>
#include <set>
#include <sstream>
#include <string>

namespace nudged::crmsim {

using Names = std::set<std::string>;

inline Names member_names(const rapidjson::Value& object) {
    Names names;
    for (const auto& member : object.GetObject()) names.insert(member.name.GetString());
    return names;
}

/// The members of the first record of a sample answer, at this place (RFC 6901) or the usual one.
/// Samples lie beside the repository where its authors work; empty, and said so, elsewhere.
inline Names sample_members(const std::string& path, const std::string& place = {}) {
    std::ifstream file(NUDGED_SOURCE_DIR "/../shared/specs/" + path);
    if (!file) {
        WARN("no samples here: " << path << " is not compared");
        return {};
    }
    std::stringstream text;
    text << file.rdbuf();
    rapidjson::Document json;
    json.Parse(text.str().c_str());
    if (!place.empty()) {
        const auto* record = rapidjson::Pointer(place.c_str()).Get(json);
        REQUIRE(record != nullptr);
        return member_names(*record);
    }
    REQUIRE(json.IsObject());
    return member_names(json.HasMember("data") ? json["data"][0] : json);
}

}  // namespace nudged::crmsim
