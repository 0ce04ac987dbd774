// SPDX-License-Identifier: Apache-2.0
// Every simulated CRM and its manifest, with answers that are sound but for one thing. Each ends in
// an error that says what it is, or does no harm, on that stream alone.
#include "tests/adversary/hostile_crm.hpp"
#include "tests/adversary/seeds.hpp"
#include "tests/support/gzip_bomb.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <set>

using namespace nudged;
using namespace nudged::adversary;

namespace {

/// The stream that is attacked. Sell tells companies by a member that would be distorted, too.
Entity target_of(const Crm& crm) {
    return crm.name == "zendesk-sell" ? Entity::opportunity : Entity::account;
}

ObjectType type_of(Entity entity) {
    return entity == Entity::account ? ObjectType::companies : ObjectType::deals;
}

/// Runs `check` for each CRM that is asked for.
void for_each_crm(const std::function<void(const Crm& crm, HostileCrm& hostile)>& check) {
    for (const auto& crm : crms()) {
        if (!is_asked_for(crm.name)) continue;
        DYNAMIC_SECTION(crm.name) {
            HostileCrm hostile(crm);
            check(crm, hostile);
            // The stream beside it, and the same one once the CRM has come round.
            const auto users = hostile.pull(Entity::user);
            CHECK_FALSE(users.failure);
            CHECK_FALSE(users.store.empty());
            const auto sound = hostile.pull(target_of(crm));
            CHECK_FALSE(sound.failure);
            CHECK(std::ranges::count_if(sound.store, [&](const auto& kept) {
                      return kept.first.first == target_of(crm) && !kept.second.deleted;
                  }) == 20);
        }
    }
}

bool is_id(std::string_view name) {
    return name == "id" || name == "Id" || name == "accountid" || name == "opportunityid";
}

/// Changes every value of the records but their ids.
HostileCrm::Distort with_values(const std::function<void(rapidjson::Value& value)>& change) {
    return [change](const tests::Request&, tests::Reply reply) {
        return changed(std::move(reply), [&](rapidjson::Document& answer) {
            each_value(answer, [&](std::string_view name, rapidjson::Value& value) {
                if (!is_id(name)) change(value);
            });
        });
    };
}

/// An object instead of each text, number, truth and null; what holds them stays what it is.
void spoil(rapidjson::Value& value) {
    if (value.IsArray()) return;
    if (!value.IsObject()) return static_cast<void>(value.SetObject());
    for (auto& member : value.GetObject())
        if (!is_id(member.name.GetString())) spoil(member.value);
}

/// Gives a record, or the row that names the columns, a hundred thousand values more.
void widen(rapidjson::Value& record, rapidjson::Document& answer) {
    auto& memory = answer.GetAllocator();
    for (int n = 0; n < 100'000; ++n) {
        rapidjson::Value name(fmt::format("wide{}", n), memory);
        if (record.IsArray())
            record.PushBack(name, memory);
        else
            record.AddMember(name, n, memory);
    }
}

/// Of what the stream told: the ids.
std::set<std::string> ids_of(const Pulled& pulled, Entity entity) {
    std::set<std::string> ids;
    for (const auto& [key, kept] : pulled.store)
        if (key.first == entity && !kept.deleted) ids.insert(key.second);
    return ids;
}

std::set<std::string> all_ids(const Crm& crm, const HostileCrm& hostile) {
    std::set<std::string> ids;
    const auto type = type_of(target_of(crm));
    for (const auto& record : hostile.data().records(type))
        ids.insert(crm.external_id(type, record.id));
    return ids;
}

}  // namespace

TEST_CASE("ids beyond what a double can tell apart keep every digit, in every CRM") {
    for_each_crm([](const Crm& crm, HostileCrm& hostile) {
        const auto expected = all_ids(crm, hostile);
        REQUIRE(expected.size() == 20);
        CHECK(ids_of(hostile.pull(target_of(crm)), target_of(crm)) == expected);
    });
}

TEST_CASE("a next page on another host is refused or not looked at, and nothing is sent there") {
    tests::HttpServer elsewhere([](const tests::Request&) { return tests::Reply::json("[]"); });
    for_each_crm([&](const Crm& crm, HostileCrm& hostile) {
        const auto lead_away = [&](std::string_view name, rapidjson::Value& text,
                                   rapidjson::Document& answer) {
            const std::string_view value{text.GetString(), text.GetStringLength()};
            const bool is_link = value.starts_with("http") || value.starts_with("/");
            const bool is_next = name.find("next") != name.npos || name == "link";
            if (is_link && is_next) text.SetString(elsewhere.url("/page"), answer.GetAllocator());
        };
        const auto pulled =
            hostile.pull_distorted(target_of(crm), [&](const auto&, tests::Reply reply) {
                return changed(std::move(reply), [&](rapidjson::Document& answer) {
                    each_text(answer, [&](std::string_view name, rapidjson::Value& text) {
                        lead_away(name, text, answer);
                    });
                });
            });
        // The others ask by ids, numbers and tokens, whatever links they are told.
        const bool follows_links = crm.name == "dynamics365";
        REQUIRE(pulled.failure.has_value() == follows_links);
        if (follows_links) {
            CHECK(pulled.failure->kind() == FailureKind::needs_person);
            const std::string why = pulled.failure->what();
            CHECK(why.find("another host") != why.npos);
        } else {
            CHECK(ids_of(pulled, target_of(crm)) == all_ids(crm, hostile));
        }
        CHECK(elsewhere.connections() == 0);
    });
}

TEST_CASE("a CRM that tells its first page for ever is found out") {
    for_each_crm([](const Crm& crm, HostileCrm& hostile) {
        std::map<std::string, tests::Reply> first;
        const auto pulled = hostile.pull_distorted(
            target_of(crm), [&](const tests::Request& request, const tests::Reply& reply) {
                // A page that has an address of its own is a query's all the same.
                const auto what = request.path.substr(0, request.path.find("/query"));
                return first.try_emplace(request.method + what, reply).first->second;
            });
        CHECK(hostile.distorted() <= 60);
        if (crm.name == "google-sheets") return;  // a sheet is one page, and there is no other
        CHECK(pulled.at.floor == tests::since_1970.floor);
        REQUIRE(pulled.failure);
        const auto kind = pulled.failure->kind();
        INFO(pulled.failure->what());
        CHECK((kind == FailureKind::refused || kind == FailureKind::transient));
    });
}

TEST_CASE("an answer without end is cut off and refused, by every manifest, packed or not") {
    const auto packed = GENERATE(false, true);
    tests::Reply endless = tests::Reply::json(std::string(1u << 20, ' '));
    endless.repeat = 2048;  // 2 GiB
    if (packed) endless = tests::gzip_bomb(2048);
    for_each_crm([&](const Crm& crm, HostileCrm& hostile) {
        const auto pulled = hostile.pull_distorted(
            target_of(crm), [&](const auto&, const auto&) { return endless; });
        REQUIRE(pulled.failure);
        CHECK(pulled.failure->kind() == FailureKind::refused);
        const std::string why = pulled.failure->what();
        CHECK(why.find("the answer is longer than 67108864 bytes") != why.npos);
        CHECK(hostile.distorted() == 1);
    });
}

TEST_CASE("records of a hundred thousand fields are records, in every CRM") {
    for_each_crm([](const Crm& crm, HostileCrm& hostile) {
        const auto pulled =
            hostile.pull_distorted(target_of(crm), [](const auto&, tests::Reply reply) {
                return changed(std::move(reply), [](rapidjson::Document& answer) {
                    int records = 0;
                    each_record(answer, [&](rapidjson::Value& record) {
                        if (++records <= 2) widen(record, answer);
                    });
                });
            });
        CHECK_FALSE(pulled.failure);
        CHECK(pulled.store == hostile.pull(target_of(crm)).store);
    });
}

TEST_CASE("values of another type are counted, and their records are kept, in every CRM") {
    for_each_crm([](const Crm& crm, HostileCrm& hostile) {
        const auto pulled = hostile.pull_distorted(target_of(crm), with_values(spoil));
        INFO((pulled.failure ? pulled.failure->what() : ""));
        CHECK_FALSE(pulled.failure);
        CHECK(pulled.malformed > 0);
        CHECK(ids_of(pulled, target_of(crm)) == all_ids(crm, hostile));
    });
}

TEST_CASE("null in the place of every value is null, in every CRM") {
    for_each_crm([](const Crm& crm, HostileCrm& hostile) {
        const auto pulled = hostile.pull_distorted(
            target_of(crm), with_values([](rapidjson::Value& value) { value.SetNull(); }));
        INFO((pulled.failure ? pulled.failure->what() : ""));
        CHECK_FALSE(pulled.failure);
        CHECK(pulled.malformed == 0);
        CHECK(ids_of(pulled, target_of(crm)) == all_ids(crm, hostile));
    });
}

TEST_CASE("a text that is no UTF-8 harms no record, in any CRM") {
    for_each_crm([](const Crm& crm, HostileCrm& hostile) {
        const auto pulled =
            hostile.pull_distorted(target_of(crm), [](const auto&, tests::Reply reply) {
                for (std::size_t at = 0; (at = reply.body.find("Globex", at)) != std::string::npos;)
                    reply.body[++at] = '\xe9';  // an é of Latin-1
                return reply;
            });
        CHECK_FALSE(pulled.failure);
        CHECK(ids_of(pulled, target_of(crm)) == all_ids(crm, hostile));
    });
}
