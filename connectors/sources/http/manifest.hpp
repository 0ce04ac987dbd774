// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/sources/http/auth_plan.hpp"
#include "connectors/sources/http/errors.hpp"
#include "connectors/sources/http/limiter_plan.hpp"
#include "connectors/sources/http/paging.hpp"
#include "connectors/sources/http/scopes.hpp"
#include "connectors/sources/http/window.hpp"
#include "connectors/sources/mapping/answer_shape.hpp"
#include "connectors/sources/mapping/record_plan.hpp"
#include "connectors/sources/mapping/template.hpp"

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nudged::sources {

/// How patient a turn is.
struct RetryPlan {
    int tries = 6;
    std::chrono::milliseconds base{500};
    std::chrono::milliseconds cap{30'000};
    std::chrono::milliseconds patience{60'000};  // longer waits end the turn instead
    std::chrono::milliseconds timeout{60'000};   // of one transfer
};

/// How a CRM calls the fields that a stream reads, so that a request asks for just those.
struct FieldNames {
    json::Path below;      // where in a record they stand
    std::string join;      // between the steps of a nested one; empty: the first step is the name
    std::string except;    // names with this text are not asked for, but come by themselves
    std::size_t most = 0;  // of one request; 0: any number
    std::size_t longest = 0;  // all of one request together, as an address writes them; 0: any
};

/// A list inside of a row that one answer has no room for, and the request that tells the rest.
struct RestPlan {
    std::string name;
    std::size_t request = 0;
    json::Path id;    // in a row: what it is about
    json::Path list;  // in a row: what goes on
    json::Path next;  // in a row: the token that it goes on with; null when it is whole
    Place place;
};

/// What can be asked, and where in the answer things are.
struct RequestPlan {
    std::string name;
    std::string method;
    Template path;
    std::vector<std::pair<std::string, Template>> query;
    std::vector<std::pair<std::string, Template>> headers;
    std::optional<BodyTemplate> body;
    bool is_form = false;  // the body is sent as a form, not as JSON
    AnswerShape shape;
    std::vector<LimiterUse> limiters;
    json::Path records;
    PagerPlan pager;
    std::optional<json::Path> mark;    // where a feed goes on, on its last page
    std::optional<FieldNames> fields;  // what {fields} lists
    std::optional<RestPlan> rest;
    std::vector<std::string> echo;  // arguments that the answer repeats, as if the CRM had
    std::int64_t limit = 100;
    bool bounded = false;  // names the window's end
    bool sized = false;    // names {limit}
    Place place;
};

/// Tells all placeholders of a request, or their names.
void each_placeholder(const RequestPlan& request,
                      const std::function<void(const Template::Placeholder&)>& use);
void each_name(const RequestPlan& request, const std::function<void(const std::string&)>& use);

/// A request with its arguments.
struct Call {
    std::size_t request = 0;
    Variables with;
};

/// A table of a source: what a list tells of the values of a field.
struct LookupPlan {
    std::string name;
    Call call;
    json::Path records;
    json::Path key;
    std::vector<json::Path> columns;        // that are read of a row
    std::chrono::seconds every{24 * 3600};  // read whole
    std::chrono::seconds again{3600};       // read sooner where it lacks a key, though not before
    bool is_optional = false;               // who is not let in has no such table
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

/// How an answer tells the past of a record.
enum class PastRows : std::uint8_t {
    lists,    // a row is a record, with a list of past values for each field
    states,   // a row is a record as it was from a time on
    changes,  // a row is one change of one field, which it names
};

/// Changes of an opportunity's fields, as the CRM remembers them.
struct HistoryPlan {
    Call call;
    std::size_t batch = 50;
    PastRows rows = PastRows::lists;
    bool open_only = false;  // of closed opportunities nothing is asked
    json::Path
        id;  // of the opportunity, in the row; where it is missing, the one that was asked for
    ValuePlan time;
    json::Path value;             // of an entry of a list, or the new one of a change
    json::Path old_value;         // of a change
    json::Path field;             // its name in a change
    std::optional<ValuePlan> by;  // who changed it, in the entry of a list, the state or the change
    struct Tracked {
        std::size_t field = 0;  // of the opportunity: its rule makes the values
        json::Path place;       // of its list, or its value in a state
        std::string name;       // what changes call it
    };
    std::vector<Tracked> fields;
};

enum class WalkKind : std::uint8_t {
    list,    // everything, page by page
    window,  // what was modified since
    feed,    // what the CRM tells from a mark on
};

/// One way through an entity.
struct WalkPlan {
    WalkKind kind = WalkKind::list;
    std::vector<Call> passes;  // each tells a part
    WindowRules window;
};

/// A long query that the CRM works on by itself, and whose results are fetched when they are there.
struct JobPlan {
    Call create;
    json::Path id;  // of the job, in the answer to `create`; the others know it as {job.id}
    Call poll;
    json::Path state;
    std::vector<std::string> done;    // states
    std::vector<std::string> failed;  // states
    Call results;
    std::optional<Call> close;
};

/// The first load, where it takes another way than the increments.
struct BackfillPlan {
    WalkPlan walk;               // without a job
    std::optional<JobPlan> job;  // instead of a walk
    bool ahead = false;          // its windows end far ahead, not at the first look
    json::Path records;
};

/// A list or feed of what was deleted.
struct DeletedPlan {
    WalkPlan walk;
    std::chrono::seconds every{6 * 3600};
    json::Path records;
    RecordPlan record;  // id, modified and what it was merged into, alone
};

/// A list of every id there is: what it does not tell has vanished.
struct SweepPlan {
    WalkPlan walk;
    std::chrono::seconds every{7 * 24 * 3600};
    json::Path records;
    RecordPlan record;  // id alone
};

/// Records of late, read once more: links that were added since move no modified time.
struct RelinkPlan {
    WalkPlan walk;  // in windows that begin `back` ago and end far ahead
    std::chrono::seconds every{3 * 24 * 3600};
    std::chrono::milliseconds back{std::chrono::days{60}};
    json::Path records;
};

/// Records by their ids.
struct ByIdPlan {
    Call call;
    std::size_t batch = 100;
    std::size_t concurrency = 1;
    bool always = false;  // lists lack fields: each record of a page is read once more by its id
    json::Path records;
};

/// A stream's list tells what to ask about, and the answers about each of those are its rows.
struct OfEachPlan {
    Call call;
    std::size_t batch = 100;
    RecordPlan listed;   // id alone: of what is asked about
    json::Path records;  // in an answer about some
};

/// Which fields the CRM has and shows of a stream's object, by its own word.
struct DescribePlan {
    Call call;
    std::vector<json::Path> names;   // where the answer names them
    std::vector<std::string> forms;  // how what is called {name} there is asked for, too
    bool complete = false;           // however much of what is read it does not name
    std::chrono::seconds every{24 * 3600};
};

/// A value that a record has once a complete list of open ones no longer tells it.
struct AbsentPlan {
    FieldRule rule;       // gives the value, a constant …
    bool is_now = false;  // … or it is the time of the list
};

struct StreamPlan {
    model::Entity entity{};
    WalkPlan walk;
    std::chrono::seconds every{0};        // not polled more often, however often the source is
    std::optional<model::Entity> fed_by;  // comes with the answers of that stream, and has no walk
    std::vector<std::size_t> feeds;       // streams that come with the answers of this one
    bool complete = false;                // what the list no longer tells has vanished …
    std::vector<AbsentPlan> absent;       // … or, where this says so, has become that
    json::Path records;
    RecordPlan record;
    std::vector<JoinPlan> joins;
    std::optional<HistoryPlan> history;
    /// Windows have one in any case: what came before the program's first look.
    std::optional<BackfillPlan> backfill;
    std::optional<DeletedPlan> deleted;
    std::optional<SweepPlan> sweep;
    std::optional<RelinkPlan> relink;
    std::optional<ByIdPlan> by_id;
    std::optional<OfEachPlan> of_each;
    std::optional<DescribePlan> describe;
};

/// A compiled manifest: immutable, shared between threads.
struct Manifest {
    std::string name;
    std::string base_url;  // without a slash at its end
    Zone account_zone = Zone::utc();
    AuthPlan auth;
    ScopePlan scopes;
    std::vector<LimiterPlan> limiters;
    RetryPlan retry;
    std::vector<ErrorRule> errors;
    std::vector<RequestPlan> requests;
    std::vector<LookupPlan> lookups;
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
