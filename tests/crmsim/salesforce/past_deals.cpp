// SPDX-License-Identifier: Apache-2.0
// OpportunityHistory and OpportunityFieldHistory.
#include "tests/crmsim/salesforce/past_deals.hpp"

#include "tests/crmsim/salesforce/columns.hpp"
#include "tests/crmsim/salesforce/ids.hpp"

#include <array>
#include <map>

namespace nudged::crmsim::salesforce {
namespace {

using enum FieldType;

constexpr std::array<std::string_view, 5> followed{"dealstage", "amount", "closedate",
                                                   "hubspot_owner_id", "hs_next_step"};
constexpr int owner_field = 3;
/// Another owner makes two rows: one with the ids, and this one with the names.
constexpr int owner_name = 5;
constexpr std::array<std::string_view, 6> field_names{"StageName", "Amount",   "CloseDate",
                                                      "Owner",     "NextStep", "Owner"};

using Member = std::optional<std::string> PastDeal::*;

std::int64_t seconds_of(Instant at) {
    return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
}

std::optional<std::string> filled(const std::string& value) {
    return value.empty() ? std::nullopt : std::optional(value);
}

/// A row's number holds the deal, the second and the field: late saves in between move no number.
constexpr int second_bits = 32;
constexpr int field_bits = 3;

std::uint64_t history_number(const Row& deal, const PastDeal& save) {
    return deal.number << second_bits | static_cast<std::uint64_t>(seconds_of(save.at));
}

std::uint64_t field_number(const Row& deal, const PastDeal& save) {
    return history_number(deal, save) << field_bits | static_cast<std::uint64_t>(save.field);
}

Row past_row(const Row& deal, std::uint64_t number, const PastDeal& save) {
    Row row = deal;
    row.number = number;
    row.past = std::make_shared<const PastDeal>(save);
    return row;
}

bool same_history(const PastDeal& a, const PastDeal& b) {
    return a.stage == b.stage && a.amount == b.amount && a.close == b.close;
}

void add_history(const Org& org, const Row& deal, std::vector<Row>& rows) {
    const auto saves = past_of(org, deal);
    for (std::size_t i = 0; i < saves.size(); ++i)
        if (i == 0 || !same_history(saves[i], saves[i - 1]))
            rows.push_back(past_row(deal, history_number(deal, saves[i]), saves[i]));
}

std::optional<std::string> value_of_field(const PastDeal& save, int field) {
    switch (field) {
    case 0: return stage_label(save.stage);
    case 1: return save.amount;
    case 2: return save.close;
    case owner_field: return save.owner;
    default: return save.next_step;
    }
}

void add_field_history(const Org& org, const Row& deal, std::vector<Row>& rows) {
    const auto saves = past_of(org, deal);
    for (std::size_t i = 1; i < saves.size(); ++i) {
        for (int field = 0; field < static_cast<int>(followed.size()); ++field) {
            PastDeal save = saves[i];
            save.field = field;
            save.old_value = value_of_field(saves[i - 1], field);
            save.new_value = value_of_field(saves[i], field);
            if (save.old_value == save.new_value) continue;
            rows.push_back(past_row(deal, field_number(deal, save), save));
            if (field != owner_field) continue;
            save.field = owner_name;
            rows.push_back(past_row(deal, field_number(deal, save), save));
        }
    }
}

using Add = void (*)(const Org&, const Row&, std::vector<Row>&);

template <Add add>
std::vector<Row> past_rows(const Org& org) {
    std::vector<Row> rows;
    for (const Row& deal : rows_of(org, ObjectType::deals)) add(org, deal, rows);
    return rows;
}

template <Add add, int shift>
std::optional<Row> find_past(const Org& org, std::uint64_t number) {
    const auto deal = find_row(org, ObjectType::deals, static_cast<std::int64_t>(number >> shift));
    if (!deal) return std::nullopt;
    std::vector<Row> rows;
    add(org, *deal, rows);
    for (const Row& row : rows)
        if (row.number == number) return row;
    return std::nullopt;
}

Value opportunity(const Org&, const Row& row) {
    return id_text(opportunity_prefix, static_cast<std::uint64_t>(row.record->id));
}

Value saved_at(const Org&, const Row& row) {
    return at_second(row.past->at);
}

/// What nobody saved, the automated user did.
Value saved_by(const Org& org, const Row& row) {
    const auto* user = org.data.find_user(row.past->by);
    return id_text(user_prefix, user ? static_cast<std::uint64_t>(user->id) : automated_user);
}

Value stage_name(const Org&, const Row& row) {
    return stage_label(row.past->stage);
}

Value amount(const Org&, const Row& row) {
    return decimal(row.past->amount.value_or(""));
}

Value close_date(const Org& org, const Row& row) {
    return local_date(org, row.past->close ? parse_instant(*row.past->close) : std::nullopt);
}

Value probability(const Org&, const Row& row) {
    return decimal(std::to_string(stage_percent(row.past->stage)));
}

Value category(const Org&, const Row& row) {
    return std::string(stage_category(row.past->stage));
}

constexpr Field history_fields[] = {
    {"Id", id, nullptr},
    {"OpportunityId", reference, opportunity, "Opportunity", "Opportunity"},
    {"StageName", picklist, stage_name},
    {"Amount", currency, amount},
    {"CloseDate", date, close_date},
    {"Probability", percent, probability},
    {"ForecastCategory",
     picklist,
     category,
     {},
     {},
     "Omitted,Pipeline,BestCase,MostLikely,Forecast,Closed"},
    {"CreatedDate", datetime, saved_at},
    {"CreatedById", reference, saved_by, "CreatedBy", "User"},
    {"SystemModstamp", datetime, saved_at},
    {"IsDeleted", boolean, deleted},
};

Value field_name(const Org&, const Row& row) {
    return std::string(field_names[static_cast<std::size_t>(row.past->field)]);
}

Value name_of_owner(const Org& org, const std::string& id) {
    for (const Owner& owner : org.data.owners)
        if (std::to_string(owner.id) == id) return owner.first_name + " " + owner.last_name;
    return {};
}

/// In the type of the field that was changed.
Value typed(const Org& org, const Row& row, const std::optional<std::string>& value) {
    if (!value) return {};
    switch (row.past->field) {
    case 1: return decimal(*value);
    case 2: return local_date(org, parse_instant(*value));
    case owner_field: return owner_id(org, value);
    case owner_name: return name_of_owner(org, *value);
    default: return *value;
    }
}

Value old_value(const Org& org, const Row& row) {
    return typed(org, row, row.past->old_value);
}

Value new_value(const Org& org, const Row& row) {
    return typed(org, row, row.past->new_value);
}

// There is no SystemModstamp: these rows never change.
constexpr Field field_history_fields[] = {
    {"Id", id, nullptr},
    {"OpportunityId", reference, opportunity, "Opportunity", "Opportunity"},
    {"Field", picklist, field_name, {}, {}, "StageName,Amount,CloseDate,Owner,NextStep,created"},
    {"OldValue", textarea, old_value},
    {"NewValue", textarea, new_value},
    {"CreatedDate", datetime, saved_at},
    {"CreatedById", reference, saved_by, "CreatedBy", "User"},
    {"IsDeleted", boolean, deleted},
};

}  // namespace

std::vector<PastDeal> past_of(const Org& org, const Row& deal) {
    const Schema& schema = schema_of(ObjectType::deals);
    struct Save {
        std::map<std::size_t, std::string> values;
        std::int64_t by = 0;
    };
    std::map<std::int64_t, Save> changes;
    changes[seconds_of(deal.record->created)];
    for (std::size_t i = 0; i < followed.size(); ++i) {
        const auto past =
            org.data.history(ObjectType::deals, deal.record->id, *schema.find(followed[i]));
        // Oldest first, so that the last save of a second counts.
        for (auto value = past.rbegin(); value != past.rend(); ++value) {
            auto& save = changes[seconds_of(value->at)];
            save.values[i] = value->value;
            save.by = value->by;
        }
    }
    std::vector<PastDeal> saves;
    PastDeal state;
    for (const auto& [second, save] : changes) {
        state.at = Instant{std::chrono::seconds{second}};
        state.by = save.by;
        for (const auto& [index, value] : save.values) {
            if (index == 0)
                state.stage = value;
            else
                state.*std::array<Member, 5>{nullptr, &PastDeal::amount, &PastDeal::close,
                                             &PastDeal::owner, &PastDeal::next_step}[index] =
                    filled(value);
        }
        saves.push_back(state);
    }
    return saves;
}

const Object opportunity_history_object{"OpportunityHistory", opportunity_history_prefix,
                                        history_fields, past_rows<add_history>,
                                        find_past<add_history, second_bits>};
const Object opportunity_field_history_object{
    "OpportunityFieldHistory", field_history_prefix, field_history_fields,
    past_rows<add_field_history>, find_past<add_field_history, second_bits + field_bits>};

}  // namespace nudged::crmsim::salesforce
