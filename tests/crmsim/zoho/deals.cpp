// SPDX-License-Identifier: Apache-2.0
// Deals, their stage history, accounts and contacts, as the data set's properties make them.
#include "tests/crmsim/zoho/modules.hpp"
#include "tests/crmsim/zoho/settings.hpp"

#include <cmath>

namespace nudged::crmsim::zoho {

using namespace tables;

namespace {

/// Whole percent: the data set has the fractions that binary floating point makes.
std::optional<std::int64_t> percent(const Row& row) {
    const auto fraction = property(row, "hs_deal_stage_probability");
    const auto number = fraction ? Decimal::parse(*fraction) : std::nullopt;
    if (!number) return std::nullopt;
    return std::lround(number->to_double() * 100);
}

Cell probability(const Facts&, const Row& row) {
    const auto value = percent(row);
    return value ? Cell{Decimal{*value}} : Cell{};
}

Cell expected_revenue(const Facts&, const Row& row) {
    const Cell amount = number_of(row, "amount");
    const auto value = percent(row);
    if (is_null(amount) || !value) return {};
    const double cents = std::get<Decimal>(amount).to_double() * static_cast<double>(*value);
    return *Decimal::parse(std::to_string(std::llround(cents)) + "e-2");
}

Cell stage(const Facts&, const Row& row) {
    const Stage* stage = stage_of(row);
    return stage != nullptr ? Cell{stage->label} : Cell{};
}

Cell pipeline(const Facts&, const Row& row) {
    if (!property(row, "pipeline")) return {};
    Reference reference = *parse_reference(pipeline_id());
    reference.label = pipeline_name;
    reference.target = "Pipelines";
    return reference;
}

// Of one deal's history, the row's part counts from the oldest.
std::vector<PastValue> stages_entered(const Facts& facts, const Row& row) {
    auto entered = facts.data.history(ObjectType::deals, row.record->id,
                                      *schema_of(ObjectType::deals).find("dealstage"));
    return {entered.rbegin(), entered.rend()};
}

Cell label_at(const std::vector<PastValue>& entered, std::size_t part) {
    if (part >= entered.size()) return {};
    for (const Stage& stage : stages())
        if (stage.id == entered[part].value) return stage.label;
    return entered[part].value;
}

std::int64_t user_id_of(const std::optional<std::string>& number) {
    const auto parsed = number ? Decimal::parse(*number) : std::nullopt;
    return parsed ? std::llround(parsed->to_double()) : 0;
}

constexpr std::int64_t most_stages_of_a_deal = 1'000;

}  // namespace

std::vector<Column> deal_columns() {
    return {own_id(IdKind::deal),
            owner_column(),
            text_column("Deal_Name", "dealname"),
            lookup_column("Account_Name", ObjectType::companies),
            lookup_column("Contact_Name", ObjectType::contacts),
            {"Stage", CellKind::text, stage},
            {"Pipeline", CellKind::reference, pipeline},
            {"Amount", CellKind::number,
             [](const Facts&, const Row& row) { return number_of(row, "amount"); }},
            text_column("Currency", "deal_currency_code"),
            fixed("Exchange_Rate", Decimal{1}),
            {"Closing_Date", CellKind::date,
             [](const Facts& facts, const Row& row) { return day_of(facts, row, "closedate"); }},
            {"Probability", CellKind::number, probability},
            {"Expected_Revenue", CellKind::number, expected_revenue},
            text_column("Next_Step", "hs_next_step"),
            text_column("Segment", "segment"),
            fixed("Lead_Source", {}),
            fixed("Type", {}),
            time_column("Last_Activity_Time", "notes_last_updated"),
            created_column(),
            modified_column(),
            {"Modified_By", CellKind::reference,
             [](const Facts& facts, const Row& row) {
                 return user_of_number(facts, user_id_of(property(row, "hs_updated_by_user_id")));
             }},
            fixed("$currency_symbol", std::string("€"))};
}

/// A row is the time that a deal spent in one stage: its Modified_Time is when it entered, and
/// where it went is written into it later, which changes no time.
std::vector<Column> deal_history_columns() {
    return {{"id", CellKind::reference,
             [](const Facts&, const Row& row) -> Cell {
                 const auto id =
                     row.record->id * most_stages_of_a_deal + static_cast<std::int64_t>(row.part);
                 return *parse_reference(make_id(IdKind::deal_history, id));
             }},
            {"Potential_Name", CellKind::reference,
             [](const Facts&, const Row& row) { return lookup_to(ObjectType::deals, row.record); }},
            {"Stage", CellKind::text,
             [](const Facts& facts, const Row& row) {
                 return label_at(stages_entered(facts, row), row.part);
             }},
            {"Moved_To__s", CellKind::text,
             [](const Facts& facts, const Row& row) {
                 return label_at(stages_entered(facts, row), row.part + 1);
             }},
            {"Modified_Time", CellKind::time,
             [](const Facts& facts, const Row& row) {
                 return whole_seconds(stages_entered(facts, row)[row.part].at);
             }},
            {"Modified_By", CellKind::reference, [](const Facts& facts, const Row& row) {
                 return user_of_number(facts, stages_entered(facts, row)[row.part].by);
             }}};
}

std::vector<Column> account_columns() {
    return {own_id(IdKind::account),
            owner_column(),
            text_column("Account_Name", "name"),
            {"Website", CellKind::text,
             [](const Facts&, const Row& row) -> Cell {
                 const auto domain = property(row, "domain");
                 return domain ? Cell{"https://" + *domain} : Cell{};
             }},
            text_column("Industry", "industry"),
            fixed("Phone", {}),
            {"Parent_Account", CellKind::reference,
             [](const Facts& facts, const Row& row) -> Cell {
                 const Cell id = number_of(row, "hs_parent_company_id");
                 if (is_null(id)) return {};
                 const auto parent = static_cast<std::int64_t>(std::get<Decimal>(id).to_double());
                 return lookup_to(ObjectType::companies,
                                  facts.data.find(ObjectType::companies, parent));
             }},
            created_column(),
            modified_column()};
}

std::vector<Column> contact_columns() {
    return {own_id(IdKind::contact),
            owner_column(),
            {"Full_Name", CellKind::text,
             [](const Facts&, const Row& row) -> Cell { return full_name(*row.record); }},
            text_column("First_Name", "firstname"),
            text_column("Last_Name", "lastname"),
            text_column("Email", "email"),
            text_column("Phone", "phone"),
            lookup_column("Account_Name", ObjectType::companies),
            created_column(),
            modified_column()};
}

}  // namespace nudged::crmsim::zoho
