// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/zone.hpp"
#include "tests/crmsim/dataset.hpp"
#include "tests/crmsim/salesforce/value.hpp"

#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::crmsim::salesforce {

/// What control requests change about the org.
struct Settings {
    std::size_t page_size = 2'000;        // rows of a page at most
    std::set<std::string> hidden;         // "task.callobject": columns, and "event": objects
    std::set<std::string> other_peoples;  // owner ids of the data set whose rows are not shared
    bool multi_currency = false;          // brings CurrencyIsoCode
    bool sliding = false;                 // use prolongs an access token's life
    std::string instance_url;             // empty: the host that was asked
    int bulk_polls = 2;                   // until a job is complete
    std::string bulk_failure;             // not empty: jobs fail with it
    std::optional<Instant> bin_emptied;
};

/// What a request sees.
struct Org {
    const Dataset& data;
    const Settings& settings;
    Zone zone;
    Instant now;
};

/// What one save changed of an opportunity, and what was so after it.
struct PastDeal {
    Instant at;
    std::string stage;
    std::optional<std::string> amount;
    std::optional<std::string> close;
    std::optional<std::string> owner;
    std::optional<std::string> next_step;
    std::int64_t by = 0;  // the number of a user
    int field = 0;        // of a row of OpportunityFieldHistory
    std::optional<std::string> old_value{};
    std::optional<std::string> new_value{};
};

/// A row of any object: where its cells come from. Lives no longer than the request.
struct Row {
    std::uint64_t number = 0;
    ObjectType type{};
    const Record* record = nullptr;
    const Owner* owner = nullptr;
    const Stage* stage = nullptr;
    std::shared_ptr<const PastDeal> past{};
};

enum class FieldType {
    id,
    reference,
    text,
    textarea,
    picklist,
    email,
    phone,
    url,
    boolean,
    integer,
    percent,
    currency,
    date,
    datetime,
};

struct Field {
    std::string_view name;
    FieldType type;
    Value (*get)(const Org&, const Row&);
    std::string_view relationship{};  // the name under which the row referred to is reached
    std::string_view refers_to{};     // one object or, with commas between, several
    std::string_view picklist{};      // its values, commas between
};

struct Object {
    std::string_view name;
    std::string_view prefix{};
    std::span<const Field> fields{};
    std::vector<Row> (*rows)(const Org&) = nullptr;
    std::optional<Row> (*find)(const Org&, std::uint64_t number) = nullptr;
    bool activity = false;  // archived after a year
    bool bulk = true;       // known to the bulk interface
};

std::span<const Object> objects();
/// By name, without regard to case, or by key prefix; null when there is none that the user sees.
const Object* find_object(const Org& org, std::string_view name);
const Object* object_with_prefix(std::string_view prefix);
/// Null for columns that do not exist for this user.
const Field* find_field(const Org& org, const Object& object, std::string_view name);

std::string id_of(const Object& object, const Row& row);
bool is_deleted(const Row& row);
bool is_archived(const Org& org, const Object& object, const Row& row);
/// Whether a query returns the row; `all` as queryAll has it: deleted rows for 15 days, archived
/// activities always.
bool is_shown(const Org& org, const Object& object, const Row& row, bool all);

}  // namespace nudged::crmsim::salesforce
