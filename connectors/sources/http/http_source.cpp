// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/http_source.hpp"

#include "connectors/base/events.hpp"
#include "connectors/sources/http/describe.hpp"
#include "connectors/sources/http/pull.hpp"
#include "connectors/sources/not_by_ids.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace nudged::sources {
namespace {

using model::Cursor;
using model::Entity;
using model::Lane;
using model::Page;
using model::Stream;

const HttpSourceOptions& options_of(const SourceOptions& source) {
    return std::get<HttpSourceOptions>(source.connector_options);
}

class HttpSource : public Source {
public:
    HttpSource(std::shared_ptr<const Manifest> manifest, const SourceOptions& source,
               const SourceContext& context);

    std::span<const Stream> streams() const override { return streams_; }
    std::vector<Told> told() const override;
    std::chrono::seconds interval(Stream stream, std::chrono::seconds poll) const override;
    asio::awaitable<Page> fetch_page(Stream stream, Cursor from) override;
    asio::awaitable<Page> fetch_records(Entity entity, std::vector<std::string> ids) override;

private:
    const StreamPlan& plan_of(Entity entity) const;
    std::set<Entity> wanted_by(const HttpSourceOptions& options) const;
    static bool has_backfill(const StreamPlan& plan);
    asio::awaitable<Page> fetch_by_lane(Stream stream, Cursor from);
    asio::awaitable<Page> fetch_news(const StreamPlan& plan, Cursor from);
    asio::awaitable<Page> fetch_backfill(const StreamPlan& plan, Cursor from);
    asio::awaitable<std::optional<Page>> try_job(const StreamPlan& plan, Cursor from);
    asio::awaitable<Page> fetch_whole(const StreamPlan& plan, Stream stream, Cursor from);
    asio::awaitable<Page> fetch_again(const StreamPlan& plan, Cursor from);

    std::string source_;
    std::shared_ptr<const Manifest> manifest_;
    Requester requester_;
    Lookups lookups_;
    Pull pull_;
    FieldDiscovery discovery_;
    std::vector<Stream> streams_;
    /// What has been seen of the windows that are being read.
    std::map<Stream, SeenRows> seen_;
    /// Streams whose position leads nowhere.
    std::set<Stream> begin_again_;
    /// Streams whose complete list is being told. What an earlier process told of one is not known
    /// here, so a list that was broken off is told from its beginning.
    std::set<Stream> telling_;
};

HttpSource::HttpSource(std::shared_ptr<const Manifest> manifest, const SourceOptions& source,
                       const SourceContext& context)
    : source_(source.name),
      manifest_(std::move(manifest)),
      requester_(manifest_, options_of(source).credentials, context, source.name),
      lookups_(manifest_->lookups.size(), source.name),
      pull_{*manifest_, requester_, context.clock, wanted_by(options_of(source)), lookups_},
      discovery_(source.name) {
    const auto feeds_a_wanted_one = [&](const StreamPlan& plan) {
        return std::ranges::any_of(
            plan.feeds, [&](std::size_t index) { return pull_.wants(manifest_->streams[index]); });
    };
    for (const auto& plan : manifest_->streams)
        if (!plan.fed_by && (pull_.wants(plan) || feeds_a_wanted_one(plan)))
            streams_.push_back({plan.entity, Lane::incremental});
    for (const auto& plan : manifest_->streams)
        if (has_backfill(plan) && (pull_.wants(plan) || feeds_a_wanted_one(plan)))
            streams_.push_back({plan.entity, Lane::backfill});
    for (const auto& plan : manifest_->streams)
        if (pull_.wants(plan) && plan.deleted) streams_.push_back({plan.entity, Lane::deletions});
    for (const auto& plan : manifest_->streams)
        if (pull_.wants(plan) && plan.sweep) streams_.push_back({plan.entity, Lane::sweep});
    for (const auto& plan : manifest_->streams)
        if (pull_.wants(plan) && plan.relink) streams_.push_back({plan.entity, Lane::relink});
}

std::set<Entity> HttpSource::wanted_by(const HttpSourceOptions& options) const {
    std::set<Entity> wanted;
    for (const auto& plan : manifest_->streams)
        if (options.streams.empty() ||
            std::ranges::count(options.streams, model::to_string(plan.entity)) > 0)
            wanted.insert(plan.entity);
    return wanted;
}

const StreamPlan& HttpSource::plan_of(Entity entity) const {
    if (const auto* plan = manifest_->find(entity)) return *plan;
    throw Failure(FailureKind::refused, fmt::format("the manifest \"{}\" has no stream \"{}\"",
                                                    manifest_->name, to_string(entity)));
}

bool HttpSource::has_backfill(const StreamPlan& plan) {
    return !plan.fed_by && (plan.backfill || plan.walk.kind == WalkKind::window);
}

std::vector<Source::Told> HttpSource::told() const {
    std::vector<Told> told;
    for (const auto& stream : streams_) {
        if (!model::tells_records(stream.lane)) continue;
        const auto& plan = plan_of(stream.entity);
        if (pull_.wants(plan)) told.push_back({stream, stream.entity});
        for (const auto index : plan.feeds) {
            const auto& fed = manifest_->streams[index];
            if (pull_.wants(fed)) told.push_back({{fed.entity, stream.lane}, stream.entity});
        }
    }
    return told;
}

std::chrono::seconds HttpSource::interval(Stream stream, std::chrono::seconds poll) const {
    const auto& plan = plan_of(stream.entity);
    switch (stream.lane) {
    case Lane::incremental: return std::max(poll, plan.every);
    case Lane::backfill: return std::chrono::days{365};  // once is enough
    case Lane::deletions: return plan.deleted ? plan.deleted->every : poll;
    case Lane::sweep: return plan.sweep ? plan.sweep->every : poll;
    case Lane::relink: return plan.relink ? plan.relink->every : poll;
    }
    return poll;
}

asio::awaitable<Page> HttpSource::fetch_page(Stream stream, Cursor from) {
    if (begin_again_.erase(stream) > 0) from.position.clear();
    const bool is_under_way = !from.position.empty();
    try {
        co_return co_await fetch_by_lane(stream, std::move(from));
    } catch (const WalkBroken&) {
        begin_again_.insert(stream);
        throw;
    } catch (const Failure& failure) {
        // A page that is refused in mid-walk was good once: its token or its question is too old.
        if (failure.kind() != FailureKind::refused || !is_under_way) throw;
        begin_again_.insert(stream);
        throw WalkBroken(failure.kind(), failure.what());
    }
}

asio::awaitable<Page> HttpSource::fetch_by_lane(Stream stream, Cursor from) {
    const auto& plan = plan_of(stream.entity);
    if (model::tells_records(stream.lane)) co_await discovery_.look(pull_, plan);
    switch (stream.lane) {
    case Lane::backfill: co_return co_await fetch_backfill(plan, std::move(from));
    case Lane::deletions: co_return co_await pull_deletions(pull_, plan, std::move(from));
    case Lane::sweep: co_return co_await fetch_whole(plan, stream, std::move(from));
    case Lane::relink: co_return co_await fetch_again(plan, std::move(from));
    case Lane::incremental: break;
    }
    if (plan.walk.kind == WalkKind::list && !plan.fed_by)
        co_return co_await fetch_whole(plan, stream, std::move(from));
    co_return co_await fetch_news(plan, std::move(from));
}

asio::awaitable<Page> HttpSource::fetch_news(const StreamPlan& plan, Cursor from) {
    const Route route{plan, plan.walk, plan.records, true};
    if (plan.walk.kind == WalkKind::feed)
        co_return co_await pull_list(pull_, route, std::move(from));
    const Stream stream{plan.entity, Lane::incremental};
    auto& seen = seen_[stream];
    co_return co_await pull_window(pull_, route, std::move(from), seen);
}

asio::awaitable<Page> HttpSource::fetch_backfill(const StreamPlan& plan, Cursor from) {
    const Stream stream{plan.entity, Lane::backfill};
    Page page;
    page.fetched_at = pull_.clock();
    page.cursor = from;
    if (from.position.empty() && is_finished(from.floor)) co_return page;
    const bool has_job = plan.backfill && plan.backfill->job;
    if (has_job && may_be_by_job(from)) {
        auto by_job = co_await try_job(plan, from);
        if (by_job) co_return std::move(*by_job);
        from = {};
    }
    const auto* way = has_job || !plan.backfill ? nullptr : &*plan.backfill;
    Route route{plan, way ? way->walk : plan.walk, way ? way->records : plan.records};
    route.ahead = way && way->ahead;
    if (route.walk.kind == WalkKind::list)
        co_return co_await pull_list(pull_, route, std::move(from));
    auto& seen = seen_[stream];
    co_return co_await pull_window(pull_, route, std::move(from), seen);
}

/// nullopt: the CRM has no job for us, and the first load goes by windows.
asio::awaitable<std::optional<Page>> HttpSource::try_job(const StreamPlan& plan, Cursor from) {
    try {
        co_return co_await pull_job(pull_, plan, std::move(from));
    } catch (const JobRefused& refused) {
        if (plan.walk.kind != WalkKind::window) throw;
        tell(events::job_refused,
             {{"source", source_}, {"stream", to_string(plan.entity)}, {"why", refused.what()}});
    }
    co_return std::nullopt;
}

/// A list that is told whole, or not at all.
asio::awaitable<Page> HttpSource::fetch_whole(const StreamPlan& plan, Stream stream, Cursor from) {
    const bool is_sweep = stream.lane == Lane::sweep;
    const bool is_whole = is_sweep || plan.complete;
    if (is_whole && !telling_.contains(stream)) from.position.clear();
    const bool has_parts = is_sweep && plan.sweep->walk.kind == WalkKind::window;
    if (has_parts && !telling_.contains(stream)) from.floor.clear();
    const Route route{plan, plan.walk, plan.records};
    auto& seen = seen_[stream];
    Page page;
    if (is_sweep)
        page = co_await pull_sweep(pull_, plan, std::move(from), seen);
    else
        page = co_await pull_list(pull_, route, std::move(from));
    if (page.more)
        telling_.insert(stream);
    else
        telling_.erase(stream);
    co_return page;
}

/// A walk that was told to its end is behind us, and another one begins. It can wait, so that half
/// of our quotas is left to what is new.
asio::awaitable<Page> HttpSource::fetch_again(const StreamPlan& plan, Cursor from) {
    constexpr double part_of_quotas = 0.5;
    requester_.check_quotas(part_of_quotas);
    if (from.position.empty() && is_finished(from.floor)) from.floor.clear();
    const auto& relink = *plan.relink;
    Route route{plan, relink.walk, relink.records};
    route.ahead = true;
    route.back = relink.back;
    auto& seen = seen_[{plan.entity, Lane::relink}];
    co_return co_await pull_window(pull_, route, std::move(from), seen);
}

asio::awaitable<Page> HttpSource::fetch_records(Entity entity, std::vector<std::string> ids) {
    const auto* plan = manifest_->find(entity);
    if (plan == nullptr || !plan->by_id)
        throw NotByIds(fmt::format("the manifest \"{}\" cannot fetch a {} by its id",
                                   manifest_->name, to_string(entity)));
    co_await discovery_.look(pull_, *plan);
    Page page;
    page.fetched_at = pull_.clock();
    co_await read_by_ids(pull_, *plan, std::move(ids), page);
    co_await complete_records(pull_, *plan, page);
    co_return page;
}

Manifest compile_for(const SourceOptions& source, const std::string& manifest_folder,
                     Diagnostics& problems) {
    const auto* options = std::get_if<HttpSourceOptions>(&source.connector_options);
    if (!options || options->manifest.empty()) {
        problems.error(source.place, "the source names no manifest",
                       "add manifest = \"NAME\", or a path to one of your own");
        return {};
    }
    return compile_manifest(manifest_file(options->manifest, manifest_folder), source, problems);
}

}  // namespace

void check_http(const SourceOptions& source, const std::string& manifest_folder,
                Diagnostics& problems) {
    compile_for(source, manifest_folder, problems);
}

Manifest read_manifest(const SourceOptions& source, const std::string& manifest_folder) {
    Diagnostics problems;
    auto manifest = compile_for(source, manifest_folder, problems);
    if (problems.has_errors()) throw Failure(FailureKind::needs_person, problems.str());
    return manifest;
}

std::unique_ptr<Source> make_http(const SourceOptions& source, const SourceContext& context) {
    return make_http(read_manifest(source, context.manifest_folder), source, context);
}

std::unique_ptr<Source> make_http(Manifest manifest, const SourceOptions& source,
                                  const SourceContext& context) {
    auto shared = std::make_shared<const Manifest>(std::move(manifest));
    return std::make_unique<HttpSource>(std::move(shared), source, context);
}

}  // namespace nudged::sources
