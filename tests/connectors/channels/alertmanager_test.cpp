// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/alertmanager/render.hpp"
#include "tests/connectors/channels/hostile.hpp"

#include <catch2/catch.hpp>
#include <rapidjson/document.h>

using namespace nudged;
using channels::AlertmanagerOptions;
using channels::alertmanager::is_label_name;
using channels::alertmanager::render;
using model::Message;

namespace {

struct Alert {
    std::map<std::string, std::string> labels, annotations;
    std::string starts_at, ends_at, url;
};

/// What Alertmanager would take of a post; nullopt where it would answer 400.
std::optional<std::vector<Alert>> read(const std::string& payload) {
    rapidjson::Document document;
    constexpr auto flags = rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag;
    if (document.Parse<flags>(payload.data(), payload.size()).HasParseError()) return std::nullopt;
    if (!document.IsArray() || document.Empty()) return std::nullopt;
    std::vector<Alert> alerts;
    for (const auto& json : document.GetArray()) {
        auto& alert = alerts.emplace_back();
        for (const auto& label : json["labels"].GetObject()) {
            if (!is_label_name(label.name.GetString()) || label.value.GetStringLength() == 0)
                return std::nullopt;
            alert.labels[label.name.GetString()] = label.value.GetString();
        }
        for (const auto& note : json["annotations"].GetObject())
            alert.annotations[note.name.GetString()] = note.value.GetString();
        if (json.HasMember("startsAt")) alert.starts_at = json["startsAt"].GetString();
        if (json.HasMember("endsAt")) alert.ends_at = json["endsAt"].GetString();
        if (json.HasMember("generatorURL")) alert.url = json["generatorURL"].GetString();
        if (!alert.labels.contains("alertname")) return std::nullopt;
    }
    return alerts;
}

Message with_deals() {
    Message message;
    message.kind = Message::Kind::nudge;
    message.title = "North";
    message.decided_at = parse_instant("2026-11-20T08:00:00Z");
    message.sections.push_back({"Talk",
                                "",
                                {{"",
                                  "Acme",
                                  "https://crm.example/1",
                                  "No next step.",
                                  "What is next?",
                                  {{"owner", "Ana", ""}}},
                                 {"", "Acme", "", "Close date passed.", "", {}},
                                 {"", "Globex", "", "Quiet for 20 days.", "", {}}},
                                {},
                                {},
                                ""});
    return message;
}

}  // namespace

TEST_CASE("each subject is an alert that ends by itself, with all that is said of it") {
    AlertmanagerOptions options;
    options.labels = {{"severity", "info"}};
    const auto alerts = read(render(with_deals(), "ops", options));
    REQUIRE(alerts);
    REQUIRE(alerts->size() == 2);
    const auto& acme = alerts->at(0);
    CHECK(acme.labels == std::map<std::string, std::string>{{"alertname", "Nudged"},
                                                            {"channel", "ops"},
                                                            {"severity", "info"},
                                                            {"subject", "Acme"}});
    CHECK(acme.annotations.at("summary") == "No next step.");
    CHECK(acme.annotations.at("description") == "What is next?\nowner: Ana\nClose date passed.");
    CHECK(acme.starts_at == "2026-11-20T08:00:00Z");
    CHECK(acme.ends_at == "2026-11-21T08:00:00Z");
    CHECK(acme.url == "https://crm.example/1");
    CHECK(alerts->at(1).labels.at("subject") == "Globex");
}

TEST_CASE("what is over ends the alert of the same labels") {
    auto message = with_deals();
    const auto firing = read(render(message, "ops", {}));
    message.kind = Message::Kind::resolved;
    message.decided_at = parse_instant("2026-11-20T12:00:00Z");
    message.sections[0].items[0].text = "There is a next step.";
    const auto resolved = read(render(message, "ops", {}));
    REQUIRE(firing);
    REQUIRE(resolved);
    CHECK(resolved->at(0).labels == firing->at(0).labels);
    CHECK(resolved->at(0).starts_at == "");
    CHECK(resolved->at(0).ends_at == "2026-11-20T12:00:00Z");
}

TEST_CASE("a message without items is one alert, known by what it is about") {
    Message down;
    down.kind = Message::Kind::nudge;
    down.title = "The backup fails";
    down.about = "backup";
    auto up = down;
    up.kind = Message::Kind::resolved;
    up.title = "The backup works again";
    const auto before = read(render(down, "ops", {}));
    const auto after = read(render(up, "ops", {}));
    REQUIRE(before);
    REQUIRE(after);
    REQUIRE(before->size() == 1);
    CHECK(before->at(0).labels == after->at(0).labels);
    CHECK(after->at(0).annotations.at("summary") == "The backup works again");
}

TEST_CASE("a finding is an alert of its own, the same in every message that tells it") {
    auto message = with_deals();
    auto& item = message.sections[0].items[0];
    const std::string id(32, 'a');
    const std::string other(32, 'b');
    item.findings = {{id, "opp.next_step", "Acme", "No next step.", "https://crm.example/1"},
                     {other, "opp.past_close", "Acme", "Close date passed.", ""}};
    const auto told = read(render(message, "ops", {}));
    REQUIRE(told);
    // Those two; Acme and Globex, of no finding.
    REQUIRE(told->size() == 4);
    const auto& first = told->at(0);
    CHECK(first.labels == std::map<std::string, std::string>{{"alertname", "NudgedFinding"},
                                                             {"channel", "ops"},
                                                             {"check", "opp.next_step"},
                                                             {"finding", id},
                                                             {"subject", "Acme"}});
    CHECK(first.annotations.at("summary") == "No next step.");
    CHECK(first.annotations.at("description") == "What is next?\nowner: Ana");
    CHECK(first.url == "https://crm.example/1");
    CHECK(told->at(1).annotations.at("summary") == "Close date passed.");
    // Told again by a brief, and resolved: the labels are the same.
    message.kind = Message::Kind::brief;
    CHECK(read(render(message, "ops", {}))->at(0).labels == first.labels);
    message.kind = Message::Kind::resolved;
    message.decided_at = parse_instant("2026-11-20T12:00:00Z");
    for (auto& finding : item.findings) finding.is_over = true;
    const auto over = read(render(message, "ops", {}));
    REQUIRE(over);
    CHECK(over->at(0).labels == first.labels);
    CHECK(over->at(0).starts_at == "");
    CHECK(over->at(0).ends_at == "2026-11-20T12:00:00Z");
}

TEST_CASE("hostile values and thousands of them stay alerts within the limits") {
    tests::Hostile hostile(20261124);
    for (int round = 0; round < 200; ++round) {
        const auto payload = render(hostile.message(), "ops", {});
        CAPTURE(round, payload);
        const auto alerts = read(payload);
        REQUIRE(alerts);
        for (const auto& alert : *alerts) {
            for (const auto* texts : {&alert.labels, &alert.annotations})
                for (const auto& [name, text] : *texts) REQUIRE(tests::unclean(text) == "");
            const bool is_safe = alert.url.empty() || alert.url.starts_with("http");
            REQUIRE(is_safe);
        }
    }
    Message many = with_deals();
    many.sections[0].items.clear();
    for (int i = 0; i < 1'150; ++i)
        many.sections[0].items.push_back({"", "Deal " + std::to_string(i), "", "", "", {}});
    const auto alerts = read(render(many, "ops", {}));
    REQUIRE(alerts);
    CHECK(alerts->size() == channels::alertmanager::max_alerts);
    // 999 deals, and one that tells of the other 151.
    CHECK(alerts->back().annotations.at("summary").starts_with("and 151 more"));
}

TEST_CASE("names of labels are those that Prometheus takes") {
    for (const auto* name : {"severity", "_team", "a1"}) CHECK(is_label_name(name));
    for (const auto* name : {"", "1a", "a-b", "__name__", "ü", "a b"})
        CHECK_FALSE(is_label_name(name));
}
