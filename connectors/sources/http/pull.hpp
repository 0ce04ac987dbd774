// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/model/page.hpp"
#include "connectors/sources/http/lookup.hpp"
#include "connectors/sources/http/request.hpp"
#include "connectors/sources/mapping/decode.hpp"
#include "connectors/sources/source.hpp"

#include <functional>
#include <set>
#include <string>
#include <vector>

namespace nudged::sources {

/// What every way of pulling pages shares; one per source, on the loop.
struct Pull {
    const Manifest& manifest;
    Requester& requester;
    Clock clock;
    std::set<model::Entity> wanted;  // records of other entities are not kept
    Lookups& lookups;

    const RequestPlan& request_of(const Call& call) const {
        return manifest.requests[call.request];
    }
    bool wants(const StreamPlan& stream) const { return wanted.contains(stream.entity); }
};

/// The question for one page of a walk.
Asking asking_for(const Pull& pull, const Call& call, const PageAt& at);
/// What the pager wants to know of the answer.
PageSeen seen_in(const Answer& answer, const Tally& tally);

/// One way to a stream's records: its walk, or that of its first load.
struct Route {
    const StreamPlan& stream;
    const WalkPlan& walk;
    const json::Path& records;
    bool starts_now = false;  // what was before is the first load's
    const RecordPlan* ids =
        nullptr;         // a sweep: ids alone are read, by this plan, and all there are
    bool ahead = false;  // all there is, however far ahead its time lies
    std::chrono::milliseconds back{0};  // and no further back than this; 0: from the beginning
};

/// All pages of one question; an answer of a class that the question wants to be told ends them.
asio::awaitable<std::vector<Answer>> ask_all_pages(Requester& requester, Asking asking,
                                                   model::Page& page);

/// An answer to a question for a page of a stream. Fields beyond what its request takes are read by
/// the rows' ids, and stand beside the others in the answer.
asio::awaitable<Answer> ask_whole_rows(const Pull& pull, const StreamPlan& stream,
                                       const json::Path& records, Asking asking, model::Page& page);

using Decode = std::function<Tally(const LookupTables& tables)>;
/// Decodes into the page with the tables that are needed; once more when they lacked a key and a
/// new list is to be had.
asio::awaitable<Tally> decode_on_worker(const Pull& pull, const std::set<std::size_t>& needed,
                                        const Decode& decode_all, model::Page& page);

/// The records of an answer, of the stream's own entity and of those that it feeds; those that are
/// listed without details are read by their ids.
asio::awaitable<Tally> read_records(const Pull& pull, const Answer& answer,
                                    const StreamPlan& stream, const json::Path& records,
                                    model::Page& page);
/// The ids of an answer alone, as records without values.
asio::awaitable<Tally> read_ids(const Pull& pull, const Answer& answer, const json::Path& records,
                                const RecordPlan& record, model::Page& page);
/// Says whose records come with the stream's: the page's cursor is theirs, too, though it may tell
/// none of them.
void name_told(const Pull& pull, const StreamPlan& stream, model::Page& page);
/// The same, and fills what the records of a page lack: references and history.
asio::awaitable<void> complete_records(const Pull& pull, const StreamPlan& stream,
                                       model::Page& page);

/// Records by their ids; an id that the CRM does not know comes as a tombstone.
asio::awaitable<void> read_by_ids(const Pull& pull, const StreamPlan& stream,
                                  std::vector<std::string> ids, model::Page& page);

/// The page that follows `from`, by the walk's kind. Throws WalkBroken. `seen` is the
/// window's, kept between pages.
asio::awaitable<model::Page> pull_window(const Pull& pull, const Route& route, model::Cursor from,
                                         SeenRows& seen);
asio::awaitable<model::Page> pull_list(const Pull& pull, const Route& route, model::Cursor from);

/// The CRM takes no such job, or gave it up: records have to be had in another way.
class JobRefused : public WalkBroken {
public:
    using WalkBroken::WalkBroken;
};
/// Whether a first load by a job begins here or goes on; one that had to go by windows does not.
bool may_be_by_job(const model::Cursor& from);
/// The first load by a job of the CRM. Throws JobRefused.
asio::awaitable<model::Page> pull_job(const Pull& pull, const StreamPlan& stream,
                                      model::Cursor from);
asio::awaitable<model::Page> pull_deletions(const Pull& pull, const StreamPlan& stream,
                                            model::Cursor from);
asio::awaitable<model::Page> pull_sweep(const Pull& pull, const StreamPlan& stream,
                                        model::Cursor from, SeenRows& seen);

}  // namespace nudged::sources
