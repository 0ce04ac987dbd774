// SPDX-License-Identifier: Apache-2.0
// Opportunities, accounts and contacts, as the data set's properties make them.
#include "tests/crmsim/dynamics365/entities.hpp"

#include <algorithm>
#include <cmath>

namespace nudged::crmsim::dynamics365 {

using namespace tables;

namespace {

using enum CellKind;

/// 0 open, 1 won, 2 lost.
std::int64_t state_of(const Row& row) {
    const Stage* stage = stage_of(row);
    if (stage == nullptr || !stage->closed) return 0;
    return stage->id == "closedwon" ? 1 : 2;
}

/// Closing leaves the stage of the process as it was, so look for the last open one.
std::size_t open_stage(const Facts& facts, const Row& row) {
    const auto past = facts.data.history(ObjectType::deals, row.record->id,
                                         *schema_of(ObjectType::deals).find("dealstage"));
    for (const PastValue& value : past) {
        const auto stage = std::ranges::find(stages(), value.value, &Stage::id);
        if (stage != stages().end() && !stage->closed)
            return static_cast<std::size_t>(stage - stages().begin());
    }
    return 0;
}

// Four stages come with the app; the fifth is this organisation's own.
constexpr std::int64_t own_stage = 797'930'000;
const Labels sales_stages{
    {0, "Qualify"}, {1, "Develop"}, {2, "Propose"}, {3, "Close"}, {own_stage, "Contract"}};

std::int64_t sales_stage(const Facts& facts, const Row& row) {
    const std::size_t stage = open_stage(facts, row);
    return stage < 4 ? static_cast<std::int64_t>(stage) : own_stage;
}

std::int64_t forecast(const Row& row) {
    const std::int64_t state = state_of(row);
    if (state != 0) return state == 1 ? 100'000'005 : 100'000'006;
    return property(row, "hs_manual_forecast_category") == "COMMIT" ? 100'000'003 : 100'000'001;
}

Cell probability(const Facts&, const Row& row) {
    const Cell fraction = number_of(row, "hs_deal_stage_probability");
    if (is_null(fraction)) return {};
    return Decimal{std::lround(std::get<Decimal>(fraction).to_double() * 100)};
}

Column money(std::string_view name, std::function<bool(const Row&)> shown) {
    return {name, number,
            [shown](const Facts&, const Row& row) {
                return shown(row) ? number_of(row, "amount") : Cell{};
            },
            [](const Cell& cell) { return "€" + std::get<Decimal>(cell).str(); }};
}

Column close_day(std::string_view name, std::function<bool(const Row&)> shown) {
    return {name, date, [shown](const Facts& facts, const Row& row) {
                return shown(row) ? day_of(facts, row, "closedate") : Cell{};
            }};
}

Cell currency(const Facts& facts, const Row&) {
    Reference reference = make_guid(IdKind::currency, 1);
    reference.label = facts.data.currency == "EUR" ? "Euro" : facts.data.currency;
    reference.target = "transactioncurrency";
    return reference;
}

Column active_state() {
    return choice("statecode",
                  [](const Facts&, const Row&) { return std::optional<std::int64_t>{0}; },
                  {{0, "Active"}, {1, "Inactive"}});
}

}  // namespace

std::vector<Column> opportunity_columns() {
    const auto always = [](const Row&) { return true; };
    const auto won = [](const Row& row) { return state_of(row) == 1; };
    const auto closed = [](const Row& row) { return state_of(row) != 0; };
    std::vector<Column> columns{
        key_column("opportunityid", IdKind::opportunity),
        text_column("name", "dealname"),
        lookup("_customerid_value", {ObjectType::companies, ObjectType::contacts}),
        lookup("_parentaccountid_value", {ObjectType::companies}),
        lookup("_parentcontactid_value", {ObjectType::contacts}),
        choice("statecode",
               [](const Facts&, const Row& row) { return std::optional{state_of(row)}; },
               {{0, "Open"}, {1, "Won"}, {2, "Lost"}}),
        choice("statuscode",
               [](const Facts&, const Row& row) {
                   const auto state = state_of(row);
                   return std::optional<std::int64_t>{state == 0 ? 1 : state + 2};
               },
               {{1, "In Progress"}, {3, "Won"}, {4, "Canceled"}}),
        choice(
            "salesstage",
            [](const Facts& facts, const Row& row) {
                return std::optional{sales_stage(facts, row)};
            },
            sales_stages),
        {"stepname", text,
         [](const Facts& facts, const Row& row) -> Cell {
             const std::size_t stage = open_stage(facts, row);
             return std::to_string(stage + 1) + "-" + std::string(sales_stages[stage].second);
         }},
        money("estimatedvalue", always),
        money("estimatedvalue_base", always),
        money("actualvalue", won),
        money("actualvalue_base", won),
        {"_transactioncurrencyid_value", reference, currency},
        fixed("exchangerate", number, Decimal{1}),
        close_day("estimatedclosedate", always),
        close_day("actualclosedate", closed),
        {"closeprobability", number, probability},
        choice("opportunityratingcode",
               [](const Facts&, const Row&) { return std::optional<std::int64_t>{2}; },
               {{1, "Hot"}, {2, "Warm"}, {3, "Cold"}}),
        choice("msdyn_forecastcategory",
               [](const Facts&, const Row& row) { return std::optional{forecast(row)}; },
               {{100'000'001, "Pipeline"},
                {100'000'002, "Best case"},
                {100'000'003, "Committed"},
                {100'000'004, "Omitted"},
                {100'000'005, "Won"},
                {100'000'006, "Lost"}}),
        text_column("currentsituation", "hs_next_step"),
        text_column("new_segment", "segment")};
    add_common(columns);
    return columns;
}

std::vector<Column> account_columns() {
    std::vector<Column> columns{
        key_column("accountid", IdKind::account),
        text_column("name", "name"),
        {"websiteurl", text,
         [](const Facts&, const Row& row) -> Cell {
             const auto domain = property(row, "domain");
             return domain ? Cell{"https://" + *domain} : Cell{};
         }},
        fixed("telephone1", text),
        {"_parentaccountid_value", reference,
         [](const Facts& facts, const Row& row) -> Cell {
             const Cell id = number_of(row, "hs_parent_company_id");
             if (is_null(id)) return {};
             const auto parent = static_cast<std::int64_t>(std::get<Decimal>(id).to_double());
             return link_to(ObjectType::companies, facts.data.find(ObjectType::companies, parent));
         }},
        lookup("_primarycontactid_value", {ObjectType::contacts}),
        fixed("industrycode", number),
        active_state(),
        fixed("merged", flag, false),
        fixed("_masterid_value", reference)};
    add_common(columns);
    return columns;
}

std::vector<Column> contact_columns() {
    std::vector<Column> columns{
        key_column("contactid", IdKind::contact),
        {"fullname", text,
         [](const Facts&, const Row& row) -> Cell { return full_name(*row.record); }},
        text_column("firstname", "firstname"),
        text_column("lastname", "lastname"),
        text_column("emailaddress1", "email"),
        text_column("telephone1", "phone"),
        text_column("jobtitle", "jobtitle"),
        lookup("_parentcustomerid_value", {ObjectType::companies}),
        active_state(),
        fixed("merged", flag, false),
        fixed("_masterid_value", reference)};
    add_common(columns);
    return columns;
}

}  // namespace nudged::crmsim::dynamics365
