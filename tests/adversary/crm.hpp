// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/model/entity.hpp"
#include "connectors/sources/options.hpp"
#include "tests/connectors/sources/http/bench.hpp"
#include "tests/crmsim/dialect.hpp"

#include <chrono>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nudged::adversary {

using crmsim::Dataset;
using crmsim::ObjectType;
using model::Entity;

/// Normalized fields as texts, the way the warehouse's columns hold them; "" is null.
using Fields = std::map<std::string, std::string, std::less<>>;

struct Crm;

/// One record of the data set, as a CRM shows it.
struct Shown {
    const Crm& crm;
    const Dataset& data;
    ObjectType type;
    const crmsim::Record& record;

    std::string property(std::string_view name) const;  // "" when null
    std::string owner() const;                          // the user's external id
    std::string first_linked(ObjectType other) const;   // its external id; "" when there is none
    std::string millis(std::string_view name) const;    // of a time
    /// Of a time: the day in Berlin. All are in winter, an hour ahead of UTC.
    std::string winter_day(std::string_view name) const;
};

/// What of the data set becomes which entity, and the fields that this CRM can carry. Several rows
/// may make one entity.
struct Carried {
    Entity entity;
    ObjectType type;
    std::vector<std::string_view> fields;
    bool (*holds)(const Shown& shown) = nullptr;  // only those records; null: all
    bool by_event = false;     // changes are told by when they were made, whatever the record says
    bool by_creation = false;  // found by when it was made alone
    bool by_id = true;         // can be asked for by its id
    /// Changes of a record that was made so long before are not seen, but for its end; 0: all are.
    std::chrono::days unseen_after{0};

    bool is_this(const Shown& shown) const { return !holds || holds(shown); }
};

/// A control request to this CRM alone: a token that runs out, or pages that do.
struct Upset {
    std::string_view path;  // below /_sim/dialect/
    std::string_view body;
};

/// One simulated CRM and the manifest that reads it: a row of crms().
struct Crm {
    std::string_view name;                // of the dialect and the manifest
    std::string (*manifest)() = nullptr;  // its text, where it does not ship
    /// Texts of the manifest and what they become, so that pages are small and nothing waits.
    std::vector<std::pair<std::string, std::string>> replaced;
    std::vector<std::string_view> requests;  // paths of which one part fails, for faults
    void (*equip)(sources::HttpSourceOptions& options);
    std::string (*external_id)(ObjectType type, std::int64_t id);
    std::string (*user_id)(const crmsim::Owner& owner);
    std::string (*stage_id)(const std::string& stage);  // null: it has others
    std::vector<Carried> entities;
    std::vector<std::string_view> streams;  // told beside those: users, stages
    /// Changes what the common rules expect of a record, where this CRM says it otherwise.
    void (*adapt)(const Shown& shown, Entity entity, Fields& fields) = nullptr;
    std::chrono::milliseconds precision;  // of the times when records were made and changed
    std::chrono::milliseconds lag;        // how late an index may be, within the manifest's
    std::chrono::milliseconds late;       // how old a record's time may be when it is committed
    /// Links that change while their record does not are found for records that changed so lately.
    std::chrono::milliseconds link_reach;
    std::chrono::milliseconds lookback;  // of the manifest
    std::chrono::milliseconds deep;      // after which everything promised has been looked at again
    bool tells_purged = false;           // by a sweep; else only when asked by id
    bool hides_deleted_links = false;    // a reference to what was deleted is null
    std::vector<std::string_view> refusals{};  // faults in its own words
    std::vector<Upset> prepared{};             // before anything is asked
    std::vector<Upset> upsets{};
    std::vector<Upset> calming{};  // undoes what upsets did for good
    bool stamps_staff = true;      // changes of users can be seen there
    bool asks_by_id = true;
    bool tells_creation = true;  // when a record was made
    bool rotates_refresh_token = false;
    bool loads_by_job = false;    // first loads tell all that was there when they began
    bool restores = true;         // what was deleted can come back
    bool merges = false;          // what is left of a merge names what it was made of
    bool hides_children = false;  // what belongs to a deleted company is gone with it
    bool hides_leavers = false;   // users who left are not told
    /// How finely it tells of past stages; 0: not at all.
    std::chrono::milliseconds history_precision{0};
    std::string_view history_stream{};  // that tells them, where opportunities do not
    std::string program{};              // whom it names as the author of what a program changed
};

std::span<const Crm> crms();
/// The simulator behind it, and the source that reads it.
crmsim::SimulatorOptions simulator_options(const Crm& crm, Clock clock);
sources::SourceOptions source_options(tests::HttpBench& bench, const Crm& crm,
                                      const std::string& url);

/// What the warehouse should hold of the record.
Fields expected_fields(const Shown& shown, const Carried& carried);
struct StageChange {
    std::string at;  // in milliseconds
    std::string old_stage;
    std::string new_stage;
    std::string by;  // the user's external id

    auto operator<=>(const StageChange&) const = default;
};
/// What the CRM tells of a deal's past, oldest first.
std::vector<StageChange> expected_history(const Shown& deal);
/// What a user's row should hold: email and active.
Fields expected_user(const crmsim::Owner& owner);

}  // namespace nudged::adversary
