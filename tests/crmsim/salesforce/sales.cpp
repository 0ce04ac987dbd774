// SPDX-License-Identifier: Apache-2.0
// Account, Contact, Opportunity and the part that a contact has in one.
#include "tests/crmsim/salesforce/columns.hpp"
#include "tests/crmsim/salesforce/ids.hpp"
#include "tests/crmsim/salesforce/past_deals.hpp"

#include <fmt/format.h>

#include <cstdlib>

namespace nudged::crmsim::salesforce {
namespace {

using enum FieldType;

template <ObjectType type>
std::vector<Row> rows(const Org& org) {
    return rows_of(org, type);
}
template <ObjectType type>
std::optional<Row> find(const Org& org, std::uint64_t number) {
    return find_row(org, type, static_cast<std::int64_t>(number));
}

Value id_property(const Row& row, std::string_view name, std::string_view prefix) {
    const auto value = property(row, name);
    return value ? Value(id_text(prefix, std::strtoull(value->c_str(), nullptr, 10))) : Value();
}

Value website(const Org&, const Row& row) {
    const auto domain = property(row, "domain");
    return domain ? Value("https://" + *domain) : Value();
}

Value parent(const Org&, const Row& row) {
    return id_property(row, "hs_parent_company_id", account_prefix);
}

Value contact_account(const Org& org, const Row& row) {
    Value account = id_property(row, "associatedcompanyid", account_prefix);
    return is_null(account) ? first_link(org, row, ObjectType::companies, account_prefix) : account;
}

Value contact_name(const Org&, const Row& row) {
    const std::string first = property(row, "firstname").value_or("");
    const std::string last = property(row, "lastname").value_or("");
    return first + (first.empty() || last.empty() ? "" : " ") + last;
}

constexpr Field account_fields[] = {
    {"Id", id, nullptr},
    {"Name", text, salesforce::text<"name">},
    {"OwnerId", reference, owner, "Owner", "User"},
    {"Type", picklist, salesforce::text<"type">, {}, {}, "PROSPECT,CUSTOMER"},
    {"Industry", picklist, salesforce::text<"industry">, {}, {}, "MANUFACTURING,SERVICES"},
    {"Website", url, website},
    {"Phone", phone, null},
    {"ParentId", reference, parent, "Parent", "Account"},
    {"MasterRecordId", reference, master, "MasterRecord", "Account"},
    {"LastActivityDate", date, null},
    {"CreatedDate", datetime, created},
    {"CreatedById", reference, automated, "CreatedBy", "User"},
    {"LastModifiedDate", datetime, modified},
    {"SystemModstamp", datetime, modified},
    {"IsDeleted", boolean, deleted},
};

constexpr Field contact_fields[] = {
    {"Id", id, nullptr},
    {"Name", text, contact_name},
    {"FirstName", text, salesforce::text<"firstname">},
    {"LastName", text, salesforce::text<"lastname">},
    {"Email", email, salesforce::text<"email">},
    {"Phone", phone, salesforce::text<"phone">},
    {"Title", text, salesforce::text<"jobtitle">},
    {"AccountId", reference, contact_account, "Account", "Account"},
    {"OwnerId", reference, owner, "Owner", "User"},
    {"MasterRecordId", reference, master, "MasterRecord", "Contact"},
    {"CreatedDate", datetime, created},
    {"CreatedById", reference, automated, "CreatedBy", "User"},
    {"LastModifiedDate", datetime, modified},
    {"SystemModstamp", datetime, modified},
    {"IsDeleted", boolean, deleted},
};

std::string stage_of(const Row& row) {
    return property(row, "dealstage").value_or("");
}

Value deal_account(const Org& org, const Row& row) {
    return first_link(org, row, ObjectType::companies, account_prefix);
}

Value deal_contact(const Org& org, const Row& row) {
    return first_link(org, row, ObjectType::contacts, contact_prefix);
}

Value stage_name(const Org&, const Row& row) {
    return stage_label(stage_of(row));
}

Value amount(const Org&, const Row& row) {
    return decimal(property(row, "amount").value_or(""));
}

Value currency_code(const Org& org, const Row& row) {
    return property(row, "deal_currency_code").value_or(org.data.currency);
}

Value close_date(const Org& org, const Row& row) {
    return local_date(org, time_property(row, "closedate"));
}

Value probability(const Org&, const Row& row) {
    return decimal(std::to_string(stage_percent(stage_of(row))));
}

Value expected_revenue(const Org&, const Row& row) {
    const auto worth = property(row, "amount");
    if (!worth) return {};
    const double share = static_cast<double>(stage_percent(stage_of(row))) / 100;
    return decimal(fmt::format("{:.2f}", std::strtod(worth->c_str(), nullptr) * share));
}

Value category(const Org&, const Row& row) {
    const auto by_hand = property(row, "hs_manual_forecast_category");
    if (by_hand == "OMIT") return std::string("Omitted");
    if (by_hand == "PIPELINE") return std::string("Pipeline");
    if (by_hand == "BEST_CASE") return std::string("BestCase");
    if (by_hand == "COMMIT") return std::string("Forecast");
    if (by_hand == "CLOSED") return std::string("Closed");
    return std::string(stage_category(stage_of(row)));
}

/// What the screens call it, which admins may rename.
Value category_name(const Org& org, const Row& row) {
    const std::string fixed = std::get<std::string>(category(org, row));
    if (fixed == "Forecast") return std::string("Commit");
    return fixed == "BestCase" ? std::string("Best Case") : fixed;
}

Value is_won(const Org&, const Row& row) {
    return property(row, "hs_is_closed_won") == "true";
}

Value is_closed(const Org&, const Row& row) {
    return property(row, "hs_is_closed") == "true";
}

Value last_activity(const Org& org, const Row& row) {
    return local_date(org, time_property(row, "notes_last_contacted"));
}

/// Null while the opportunity is in its first stage.
Value last_stage_change(const Org& org, const Row& row) {
    Value changed;
    const auto saves = past_of(org, row);
    for (std::size_t i = 1; i < saves.size(); ++i)
        if (saves[i].stage != saves[i - 1].stage) changed = at_second(saves[i].at);
    return changed;
}

constexpr Field opportunity_fields[] = {
    {"Id", id, nullptr},
    {"Name", text, salesforce::text<"dealname">},
    {"OwnerId", reference, owner, "Owner", "User"},
    {"AccountId", reference, deal_account, "Account", "Account"},
    {"ContactId", reference, deal_contact, "Contact", "Contact"},
    {"StageName", picklist, stage_name},
    {"Amount", currency, amount},
    {"CurrencyIsoCode", picklist, currency_code, {}, {}, "EUR,USD,GBP"},
    {"CloseDate", date, close_date},
    {"Probability", percent, probability},
    {"ForecastCategory",
     picklist,
     category,
     {},
     {},
     "Omitted,Pipeline,BestCase,MostLikely,Forecast,Closed"},
    {"ForecastCategoryName",
     picklist,
     category_name,
     {},
     {},
     "Omitted,Pipeline,Best Case,Most Likely,Commit,Closed"},
    {"ExpectedRevenue", currency, expected_revenue},
    {"IsWon", boolean, is_won},
    {"IsClosed", boolean, is_closed},
    {"NextStep", text, salesforce::text<"hs_next_step">},
    {"Type", picklist, null, {}, {}, "New Business,Renewal"},
    {"LeadSource", picklist, null, {}, {}, "Web"},
    {"LastActivityDate", date, last_activity},
    {"CreatedDate", datetime, created},
    {"CreatedById", reference, automated, "CreatedBy", "User"},
    {"LastStageChangeDate", datetime, last_stage_change},
    {"LastModifiedDate", datetime, modified},
    {"SystemModstamp", datetime, modified},
    {"IsDeleted", boolean, deleted},
};

/// The first contact of a deal has the main part in it; others have none.
std::vector<Row> role_rows(const Org& org) {
    std::vector<Row> deals = rows_of(org, ObjectType::deals);
    std::erase_if(deals, [&](const Row& deal) { return is_null(deal_contact(org, deal)); });
    return deals;
}

std::optional<Row> find_role(const Org& org, std::uint64_t number) {
    auto row = find_row(org, ObjectType::deals, static_cast<std::int64_t>(number));
    if (row && is_null(deal_contact(org, *row))) return std::nullopt;
    return row;
}

Value role_deal(const Org&, const Row& row) {
    return id_text(opportunity_prefix, row.number);
}

constexpr Field contact_role_fields[] = {
    {"Id", id, nullptr},
    {"OpportunityId", reference, role_deal, "Opportunity", "Opportunity"},
    {"ContactId", reference, deal_contact, "Contact", "Contact"},
    {"Role", picklist, constant<"Decision Maker">, {}, {}, "Decision Maker,Evaluator,Other"},
    {"IsPrimary", boolean, always<true>},
    {"CreatedDate", datetime, created},
    {"CreatedById", reference, automated, "CreatedBy", "User"},
    {"LastModifiedDate", datetime, modified},
    {"SystemModstamp", datetime, modified},
    {"IsDeleted", boolean, deleted},
};

}  // namespace

const Object account_object{"Account", account_prefix, account_fields, rows<ObjectType::companies>,
                            find<ObjectType::companies>};
const Object contact_object{"Contact", contact_prefix, contact_fields, rows<ObjectType::contacts>,
                            find<ObjectType::contacts>};
const Object opportunity_object{"Opportunity", opportunity_prefix, opportunity_fields,
                                rows<ObjectType::deals>, find<ObjectType::deals>};
const Object opportunity_contact_role_object{"OpportunityContactRole", contact_role_prefix,
                                             contact_role_fields, role_rows, find_role};

}  // namespace nudged::crmsim::salesforce
