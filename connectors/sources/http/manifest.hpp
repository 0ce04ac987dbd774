// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/sources/http/errors.hpp"
#include "connectors/sources/http/json.hpp"
#include "connectors/sources/http/template.hpp"
#include "connectors/sources/http/window.hpp"
#include "connectors/sources/mapping.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nudged::sources {

/// A header that carries a credential: `before` + credential + `after`.
struct AuthHeader {
    std::string name;
    std::string before;
    std::string credential;
    std::string after;
};

struct LimiterPlan {
    std::string name;
    double capacity = 1;
    std::chrono::milliseconds per{1000};
};

/// How patient a turn is.
struct RetryPlan {
    int tries = 6;
    std::chrono::milliseconds base{500};
    std::chrono::milliseconds cap{30'000};
    std::chrono::milliseconds patience{60'000};  // longer waits end the turn instead
    std::chrono::milliseconds timeout{60'000};   // of one transfer
};

/// What can be asked, and where in the answer things are.
struct RequestPlan {
    std::string name;
    std::string method;
    Template path;
    std::vector<std::pair<std::string, Template>> query;
    std::vector<std::pair<std::string, Template>> headers;
    std::optional<BodyTemplate> body;
    std::vector<std::size_t> limiters;
    json::Path records;
    std::optional<json::Path> total;
    std::optional<json::Path> next;    // the token of the next page
    std::optional<json::Path> fields;  // below it stand the fields, which {fields} lists
    std::int64_t limit = 100;
    Place place;
};

/// A request with its arguments.
struct Call {
    std::size_t request = 0;
    Variables with;
};

/// Texts around places of the record: "{/first} {/last}".
struct JoinedText {
    std::vector<std::variant<std::string, json::Path>> parts;
};

/// How one value of a record is found and made.
struct ValuePlan {
    FieldRule rule;
    std::string name;
    std::vector<json::Path> from;
    std::optional<JoinedText> join;
};

struct WherePlan {
    json::Path at;
    std::vector<std::string> in;
    std::vector<std::string> except;
};

struct RecordPlan {
    model::Entity entity{};
    ValuePlan id;
    std::optional<ValuePlan> modified;
    std::vector<WherePlan> where;
    std::vector<ValuePlan> fields;
};

/// References that another request tells: for the ids of a page, to whom each belongs.
struct JoinPlan {
    std::size_t field = 0;
    Call call;
    std::size_t batch = 100;
    json::Path from;                      // the id of ours in each row of the answer
    json::Path to;                        // the list of theirs
    json::Path to_id;                     // the id in each of those
    std::optional<json::Path> prefer_at;  // the one wins for which this place …
    std::vector<std::string> prefer_in;   // … holds one of these; else the first
};

/// Changes of an opportunity's fields, as the CRM remembers them.
struct HistoryPlan {
    Call call;
    std::size_t batch = 50;
    json::Path id;
    json::Path value;
    json::Path time;
    struct Tracked {
        std::size_t field = 0;  // of the opportunity: its rule makes the values
        json::Path list;
    };
    std::vector<Tracked> fields;
};

/// A list of what was deleted.
struct SweepPlan {
    Call call;
    std::chrono::seconds every{6 * 3600};
    RecordPlan record;  // id and modified alone
};

struct BatchPlan {
    Call call;
    std::size_t batch = 100;
};

enum class Walk : std::uint8_t {
    window,  // by modified time and id
    list,    // everything, page by page
};

struct StreamPlan {
    model::Entity entity{};
    Call call;
    Walk walk = Walk::list;
    std::vector<Variables> passes;  // further arguments, one walk of the list for each
    bool complete = false;          // what the list no longer tells has vanished
    json::Path records;
    RecordPlan record;
    std::vector<JoinPlan> joins;
    std::optional<HistoryPlan> history;
    std::optional<SweepPlan> sweep;
    std::optional<BatchPlan> by_id;
};

/// A compiled manifest: immutable, shared between threads.
struct Manifest {
    std::string name;
    std::string base_url;  // without a slash at its end
    Zone account_zone = Zone::utc();
    std::vector<AuthHeader> auth;
    std::vector<LimiterPlan> limiters;
    RetryPlan retry;
    WindowRules window;
    std::vector<ErrorRule> errors;
    std::vector<RequestPlan> requests;
    std::vector<StreamPlan> streams;  // what others refer to first

    const StreamPlan* find(model::Entity entity) const;
};

/// Reads and compiles a manifest for one source. Everything wrong with the file, and with what the
/// source gives it (settings, credentials, streams), is added to `problems`; the manifest may only
/// be used when there was none.
Manifest compile_manifest(const std::filesystem::path& file, const SourceOptions& source,
                          Diagnostics& problems);
/// The same from text, for tests.
Manifest compile_manifest_text(std::string_view text, const std::string& file,
                               const SourceOptions& source, Diagnostics& problems);

/// Where the manifest that a source names lies: a shipped name, or a path.
std::filesystem::path manifest_file(const std::string& name, const std::string& shipped_folder);

}  // namespace nudged::sources
