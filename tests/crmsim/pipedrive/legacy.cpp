// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/pipedrive/legacy.hpp"

#include "connectors/base/text.hpp"
#include "tests/crmsim/pipedrive/lists.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::crmsim::pipedrive {
namespace {

constexpr const char* hired = "2024-01-10 08:00:00";

std::string offset_text(const Account& account, Instant now) {
    const auto ahead = account.zone.local_time(now).time_since_epoch() - now.time_since_epoch();
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(ahead).count();
    return fmt::format("{}{:02}:{:02}", minutes < 0 ? '-' : '+', std::abs(minutes) / 60,
                       std::abs(minutes) % 60);
}

void write_access(JsonWriter& json, bool admin) {
    json.key("access");
    json.StartArray();
    for (const char* app : {"sales", "global"}) {
        json.StartObject();
        json.member("app", app);
        json.member("admin", admin);
        json.member("permission_set_id", "62cc4d7f-4038-4352-abf3-a8c1c822b631");
        json.EndObject();
    }
    json.EndArray();
}

void write_user(JsonWriter& json, const Account& account, const Owner& user, Instant now) {
    const bool is_first = &user == &account.dataset.owners.front();
    json.member("id", user.id);
    json.member("name", std::string(trim(user.first_name + " " + user.last_name)));
    json.member("default_currency", account.dataset.currency);
    json.member("locale", "en_GB");
    json.member("lang", std::int64_t{1});
    // Everyone has an address here, shared lines too.
    json.member("email",
                user.email.empty() ? fmt::format("line.{}@kestrel.example", user.id) : user.email);
    json.null_member("phone");
    json.member("activated", true);
    json.member("last_login", hired);
    json.member("created", hired);
    json.member("modified", "2025-12-01 00:00:00");
    json.member("has_created_company", is_first);
    write_access(json, is_first);
    json.member("active_flag", !user.archived);
    json.member("timezone_name", account.dataset.time_zone);
    json.member("timezone_offset", offset_text(account, now));
    json.member("role_id", std::int64_t{1});
    json.null_member("icon_url");
    json.member("is_you", user.id == account.token_user);
    json.member("is_deleted", false);
}

struct ActivityType {
    std::string_view key;
    std::string_view name;
};
constexpr ActivityType types[] = {{"call", "Call"},   {"meeting", "Meeting"},
                                  {"task", "Task"},   {"deadline", "Deadline"},
                                  {"email", "Email"}, {"lunch", "Lunch"}};

struct Currency {
    std::string_view code;
    std::string_view name;
    std::string_view symbol;
};
constexpr Currency all_currencies[] = {
    {"EUR", "Euro", "€"}, {"USD", "US Dollar", "$"}, {"GBP", "Pound Sterling", "£"}};

}  // namespace

Reply users(const Account& account, Instant now) {
    JsonWriter json;
    json.StartObject();
    json.member("success", true);
    json.key("data");
    json.StartArray();
    for (const Owner& user : account.dataset.owners) {
        json.StartObject();
        write_user(json, account, user, now);
        json.EndObject();
    }
    json.EndArray();
    json.EndObject();
    return ok(json);
}

Reply single_user(const Account& account, std::string_view id, Instant now) {
    const auto wanted = id == "me" ? std::optional(account.token_user) : to_integer(id);
    const auto& all = account.dataset.owners;
    const auto user = std::ranges::find(all, wanted.value_or(0), &Owner::id);
    if (user == all.end()) throw failure(404, "User not found");
    JsonWriter json;
    json.StartObject();
    json.member("success", true);
    json.key("data");
    json.StartObject();
    write_user(json, account, *user, now);
    if (id == "me") {
        json.member("company_id", std::int64_t{7});
        json.member("company_name", "Kestrel");
        json.member("company_domain", "kestrel");
        json.member("company_country", "DE");
        json.member("company_industry", "Software");
        json.key("language");
        json.StartObject();
        json.member("language_code", "en");
        json.member("country_code", "GB");
        json.EndObject();
    }
    json.EndObject();
    json.EndObject();
    return ok(json);
}

Reply activity_types_answer() {
    JsonWriter json;
    json.StartObject();
    json.member("success", true);
    json.key("data");
    json.StartArray();
    std::int64_t number = 0;
    for (const ActivityType& type : types) {
        json.StartObject();
        json.member("id", ++number);
        json.member("order_nr", number);
        json.member("name", type.name);
        json.member("key_string", type.key);
        json.member("icon_key", type.key);
        json.member("active_flag", true);
        json.member("color", "FFFFFF");
        json.member("is_custom_flag", false);
        json.member("add_time", hired);
        json.member("update_time", hired);
        json.EndObject();
    }
    json.EndArray();
    json.EndObject();
    return ok(json);
}

Reply currencies(const Request& request) {
    const std::string_view term = request.parameter("term");
    JsonWriter json;
    json.StartObject();
    json.member("success", true);
    json.key("data");
    json.StartArray();
    std::int64_t number = 0;
    for (const Currency& currency : all_currencies) {
        ++number;
        if (currency.code.find(term) == term.npos && currency.name.find(term) == term.npos)
            continue;
        json.StartObject();
        json.member("id", number);
        json.member("code", currency.code);
        json.member("name", currency.name);
        json.member("decimal_points", std::int64_t{2});
        json.member("symbol", currency.symbol);
        json.member("active_flag", true);
        json.member("is_custom_flag", false);
        json.EndObject();
    }
    json.EndArray();
    json.EndObject();
    return ok(json);
}

}  // namespace nudged::crmsim::pipedrive
