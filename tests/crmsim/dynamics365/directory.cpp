// SPDX-License-Identifier: Apache-2.0
// Users, teams, their settings, currencies and time zones, and e-mails, of which there are none.
#include "tests/crmsim/dynamics365/entities.hpp"

#include <array>

namespace nudged::crmsim::dynamics365 {

using namespace tables;

namespace {

using enum CellKind;

struct WindowsZone {
    std::int64_t code;
    std::string_view standard_name;
    std::string_view iana;
};
// Microsoft's numbers, and one of the IANA names for each.
constexpr std::array windows_zones{WindowsZone{4, "Pacific Standard Time", "America/Los_Angeles"},
                                   WindowsZone{20, "Central Standard Time", "America/Chicago"},
                                   WindowsZone{35, "Eastern Standard Time", "America/New_York"},
                                   WindowsZone{85, "GMT Standard Time", "Europe/London"},
                                   WindowsZone{92, "Coordinated Universal Time", "Etc/UTC"},
                                   WindowsZone{105, "Romance Standard Time", "Europe/Paris"},
                                   WindowsZone{110, "W. Europe Standard Time", "Europe/Berlin"},
                                   WindowsZone{190, "India Standard Time", "Asia/Kolkata"}};

using Read = std::function<Cell(const Facts&, const Row&)>;

/// The application's own user has no owner in the data set.
template <typename Of>
Read of_user(Cell of_application, Of of_person) {
    return [=](const Facts& facts, const Row& row) -> Cell {
        return row.owner == nullptr ? of_application : of_person(facts, *row.owner);
    };
}

Cell user_id(const Facts&, const Row& row) {
    return make_guid(IdKind::user, row.owner != nullptr ? row.owner->id : application_user);
}

Cell manager(const Facts& facts, const Owner& owner) {
    const Owner& first = facts.data.owners.front();
    return first.id == owner.id ? Cell{} : link_to_owner(&first);
}

void each_user(const Facts& facts, const std::function<void(const Row&)>& act) {
    for (const Owner& owner : facts.data.owners)
        if (!owner.email.empty()) act({{}, nullptr, &owner});
    act({});
}

Table users() {
    const Cell epoch = *parse_instant("2025-01-10T08:00:00Z");
    std::vector<Column> columns{
        {"systemuserid", reference, user_id},
        {"fullname", text,
         of_user(std::string("# nudged reader"),
                 [](const Facts&, const Owner& owner) -> Cell { return full_name(owner); })},
        {"firstname", text,
         of_user(std::string("#"),
                 [](const Facts&, const Owner& owner) -> Cell { return owner.first_name; })},
        {"lastname", text,
         of_user(std::string("nudged reader"),
                 [](const Facts&, const Owner& owner) -> Cell { return owner.last_name; })},
        {"internalemailaddress", text,
         of_user({}, [](const Facts&, const Owner& owner) -> Cell { return owner.email; })},
        {"domainname", text,
         of_user(std::string("0a1b2c3d@kestrel.example"),
                 [](const Facts&, const Owner& owner) -> Cell { return owner.email; })},
        {"isdisabled", flag,
         of_user(false, [](const Facts&, const Owner& owner) -> Cell { return owner.archived; }),
         [](const Cell& cell) {
             return std::string(std::get<bool>(cell) ? "Disabled" : "Enabled");
         }},
        {"_parentsystemuserid_value", reference, of_user({}, manager)},
        choice("accessmode",
               [](const Facts&, const Row& row) {
                   return std::optional<std::int64_t>{row.owner != nullptr ? 0 : 4};
               },
               {{0, "Read-Write"}, {1, "Administrative"}, {2, "Read"}, {4, "Non-interactive"}}),
        {"azureactivedirectoryobjectid", reference,
         of_user({},
                 [](const Facts&, const Owner& owner) -> Cell {
                     return make_guid(IdKind::user, owner.id + 1'000'000'000);
                 })},
        {"applicationid", reference,
         of_user(make_guid(IdKind::unit, 7), [](const Facts&, const Owner&) { return Cell{}; })},
        fixed("createdon", time, epoch),
        fixed("modifiedon", time, epoch)};
    return {"systemusers", "systemuser", std::move(columns), each_user};
}

Table teams() {
    std::vector<Column> columns{
        {"teamid", reference,
         [](const Facts&, const Row& row) -> Cell {
             return make_guid(IdKind::team, row.owner->id);
         }},
        {"name", text, [](const Facts&, const Row& row) -> Cell { return full_name(*row.owner); }},
        choice("teamtype", [](const Facts&, const Row&) { return std::optional<std::int64_t>{0}; },
               {{0, "Owner"}, {1, "Access"}})};
    return {"teams", "team", std::move(columns), [](const Facts& facts, const auto& act) {
                for (const Owner& owner : facts.data.owners)
                    if (owner.email.empty()) act({{}, nullptr, &owner});
            }};
}

Table user_settings() {
    std::vector<Column> columns{
        {"systemuserid", reference, user_id},
        {"timezonecode", number, [](const Facts& facts, const Row& row) -> Cell {
             for (const WindowsZone& zone : windows_zones)
                 if (row.owner != nullptr && zone.iana == facts.zone.name())
                     return Decimal{zone.code};
             return Decimal{92};
         }}};
    return {"usersettingscollection", "usersettings", std::move(columns), each_user};
}

Table currencies() {
    std::vector<Column> columns{
        {"transactioncurrencyid", reference,
         [](const Facts&, const Row&) -> Cell { return make_guid(IdKind::currency, 1); }},
        {"isocurrencycode", text,
         [](const Facts& facts, const Row&) -> Cell { return facts.data.currency; }},
        {"currencyname", text,
         [](const Facts& facts, const Row&) -> Cell {
             return facts.data.currency == "EUR" ? std::string("Euro") : facts.data.currency;
         }},
        fixed("currencyprecision", number, Decimal{2}),
        fixed("exchangerate", number, Decimal{1})};
    return {"transactioncurrencies", "transactioncurrency", std::move(columns),
            [](const Facts&, const auto& act) { act({}); }};
}

Table zones() {
    std::vector<Column> columns{{"timezonedefinitionid", reference,
                                 [](const Facts&, const Row& row) -> Cell {
                                     return make_guid(IdKind::zone, windows_zones[row.part].code);
                                 }},
                                {"timezonecode", number,
                                 [](const Facts&, const Row& row) -> Cell {
                                     return Decimal{windows_zones[row.part].code};
                                 }},
                                {"standardname", text, [](const Facts&, const Row& row) -> Cell {
                                     return std::string(windows_zones[row.part].standard_name);
                                 }}};
    return {"timezonedefinitions", "timezonedefinition", std::move(columns),
            [](const Facts&, const auto& act) {
                for (std::size_t part = 0; part < windows_zones.size(); ++part)
                    act({{}, nullptr, nullptr, part});
            }};
}

/// Nobody here writes any.
Table e_mails() {
    std::vector<Column> columns{fixed("activityid", reference),
                                fixed("subject", text),
                                fixed("directioncode", flag, false),
                                fixed("senton", time),
                                fixed("statecode", number),
                                fixed("statuscode", number),
                                fixed("_regardingobjectid_value", reference),
                                fixed("_ownerid_value", reference),
                                fixed("createdon", time),
                                fixed("modifiedon", time)};
    return {"emails", "email", std::move(columns), [](const Facts&, const auto&) {}};
}

}  // namespace

std::vector<Table> directory_tables() {
    std::vector<Table> all;
    all.push_back(e_mails());
    all.push_back(users());
    all.push_back(teams());
    all.push_back(user_settings());
    all.push_back(currencies());
    all.push_back(zones());
    return all;
}

}  // namespace nudged::crmsim::dynamics365
