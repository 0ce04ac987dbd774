// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/http_source.hpp"

#include "connectors/sources/http/pull.hpp"

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

class HttpSource : public Source {
public:
    HttpSource(std::shared_ptr<const Manifest> manifest, const HttpSourceOptions& options,
               const SourceContext& context);

    std::span<const Stream> streams() const override { return streams_; }
    std::chrono::seconds interval(Stream stream, std::chrono::seconds poll) const override;
    asio::awaitable<Page> fetch_page(Stream stream, Cursor from) override;
    asio::awaitable<Page> fetch_records(Entity entity, std::vector<std::string> ids) override;

private:
    const StreamPlan& plan_of(Entity entity) const;
    std::set<Entity> wanted_by(const HttpSourceOptions& options) const;
    asio::awaitable<Page> fetch_window(const StreamPlan& plan, Cursor from);
    asio::awaitable<Page> fetch_list(const StreamPlan& plan, Stream stream, Cursor from);

    std::shared_ptr<const Manifest> manifest_;
    Requester requester_;
    Pull pull_;
    std::vector<Stream> streams_;
    /// What has been seen of the windows that are being read.
    std::map<Entity, SeenRows> seen_;
    /// Streams whose window never came out even: their position leads nowhere.
    std::set<Entity> begin_again_;
    /// Streams whose complete list is being told. What an earlier process told of one is not known
    /// here, so a list that was broken off is told from its beginning.
    std::set<Stream> telling_;
};

HttpSource::HttpSource(std::shared_ptr<const Manifest> manifest, const HttpSourceOptions& options,
                       const SourceContext& context)
    : manifest_(std::move(manifest)),
      requester_(manifest_, options.credentials, context),
      pull_{*manifest_, requester_, context.clock, wanted_by(options)} {
    const auto feeds_a_wanted_one = [&](const StreamPlan& plan) {
        return std::ranges::any_of(
            plan.feeds, [&](std::size_t index) { return pull_.wants(manifest_->streams[index]); });
    };
    for (const auto& plan : manifest_->streams)
        if (!plan.fed_by && (pull_.wants(plan) || feeds_a_wanted_one(plan)))
            streams_.push_back({plan.entity, Lane::incremental});
    for (const auto& plan : manifest_->streams)
        if (pull_.wants(plan) && plan.deleted) streams_.push_back({plan.entity, Lane::deletions});
    for (const auto& plan : manifest_->streams)
        if (pull_.wants(plan) && plan.sweep) streams_.push_back({plan.entity, Lane::sweep});
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

std::chrono::seconds HttpSource::interval(Stream stream, std::chrono::seconds poll) const {
    const auto& plan = plan_of(stream.entity);
    if (stream.lane == Lane::deletions && plan.deleted) return plan.deleted->every;
    return stream.lane == Lane::sweep && plan.sweep ? plan.sweep->every : poll;
}

asio::awaitable<Page> HttpSource::fetch_page(Stream stream, Cursor from) {
    const auto& plan = plan_of(stream.entity);
    if (stream.lane == Lane::deletions)
        co_return co_await pull_deletions(pull_, plan, std::move(from));
    if (stream.lane == Lane::incremental && plan.walk.kind == WalkKind::window)
        co_return co_await fetch_window(plan, std::move(from));
    co_return co_await fetch_list(plan, stream, std::move(from));
}

asio::awaitable<Page> HttpSource::fetch_window(const StreamPlan& plan, Cursor from) {
    if (begin_again_.erase(plan.entity) > 0) from.position.clear();
    auto& seen = seen_[plan.entity];
    try {
        co_return co_await pull_window(pull_, plan, std::move(from), seen);
    } catch (const WindowIncomplete&) {
        begin_again_.insert(plan.entity);
        throw;
    }
}

asio::awaitable<Page> HttpSource::fetch_list(const StreamPlan& plan, Stream stream, Cursor from) {
    const bool is_sweep = stream.lane == Lane::sweep;
    const bool is_whole = is_sweep || plan.complete;
    if (is_whole && !telling_.contains(stream)) from.position.clear();
    Page page;
    if (is_sweep)
        page = co_await pull_sweep(pull_, plan, std::move(from));
    else
        page = co_await pull_list(pull_, plan, std::move(from));
    if (page.more)
        telling_.insert(stream);
    else
        telling_.erase(stream);
    co_return page;
}

asio::awaitable<Page> HttpSource::fetch_records(Entity entity, std::vector<std::string> ids) {
    const auto& plan = plan_of(entity);
    if (!plan.by_id)
        throw Failure(FailureKind::refused,
                      fmt::format("the manifest \"{}\" cannot fetch a {} by its id",
                                  manifest_->name, to_string(entity)));
    Page page;
    page.fetched_at = pull_.clock();
    co_await read_by_ids(pull_, plan, std::move(ids), page);
    co_await complete_records(pull_, plan, page);
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

std::unique_ptr<Source> make_http(const SourceOptions& source, const SourceContext& context) {
    Diagnostics problems;
    auto manifest =
        std::make_shared<Manifest>(compile_for(source, context.manifest_folder, problems));
    if (problems.has_errors()) throw Failure(FailureKind::needs_person, problems.str());
    return std::make_unique<HttpSource>(
        std::move(manifest), std::get<HttpSourceOptions>(source.connector_options), context);
}

}  // namespace nudged::sources
