// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/http_source.hpp"

#include "connectors/base/on.hpp"
#include "connectors/sources/http/decode.hpp"
#include "connectors/sources/http/history.hpp"
#include "connectors/sources/http/join.hpp"
#include "connectors/sources/http/list_walk.hpp"
#include "connectors/sources/http/request.hpp"
#include "connectors/sources/http/window.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace nudged::sources {
namespace {

using model::Cursor;
using model::Entity;
using model::Lane;
using model::Page;
using model::Stream;

/// `Date` has whole seconds, and an answer takes a moment.
constexpr std::chrono::milliseconds clock_tolerance{2000};

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
    const RequestPlan& request_of(const Call& call) const {
        return manifest_->requests[call.request];
    }
    asio::awaitable<Page> fetch_window(const StreamPlan& plan, Cursor from);
    asio::awaitable<Window::Next> read_window(const StreamPlan& plan, Window& window, bool is_first,
                                              Page& page);
    asio::awaitable<Page> fetch_list(const StreamPlan& plan, Cursor from);
    asio::awaitable<Page> fetch_sweep(const StreamPlan& plan, Cursor from);
    asio::awaitable<Decoded> read_answer(const Answer& answer, const Call& call,
                                         const json::Path& records, const RecordPlan& record,
                                         Page& page);
    asio::awaitable<void> complete(const StreamPlan& plan, Page& page);
    void bury_absent(Entity entity, const std::vector<std::string>& ids, Page& page) const;

    std::shared_ptr<const Manifest> manifest_;
    Clock clock_;
    asio::thread_pool& workers_;
    Requester requester_;
    std::vector<Stream> streams_;
    /// Streams whose window proved incomplete twice: their position leads nowhere.
    std::set<Entity> begin_again_;
    /// Streams whose complete list is being told. What an earlier process told of one is not known
    /// here, so a list that was broken off is told from its beginning.
    std::set<Entity> telling_;
};

HttpSource::HttpSource(std::shared_ptr<const Manifest> manifest, const HttpSourceOptions& options,
                       const SourceContext& context)
    : manifest_(std::move(manifest)),
      clock_(context.clock),
      workers_(context.workers),
      requester_(manifest_, options.credentials, context) {
    const auto is_wanted = [&](Entity entity) {
        return options.streams.empty() ||
               std::ranges::count(options.streams, model::to_string(entity)) > 0;
    };
    for (const auto& plan : manifest_->streams)
        if (is_wanted(plan.entity)) streams_.push_back({plan.entity, Lane::incremental});
    for (const auto& plan : manifest_->streams)
        if (is_wanted(plan.entity) && plan.sweep) streams_.push_back({plan.entity, Lane::sweep});
}

const StreamPlan& HttpSource::plan_of(Entity entity) const {
    if (const auto* plan = manifest_->find(entity)) return *plan;
    throw Failure(FailureKind::refused, fmt::format("the manifest \"{}\" has no stream \"{}\"",
                                                    manifest_->name, to_string(entity)));
}

std::chrono::seconds HttpSource::interval(Stream stream, std::chrono::seconds poll) const {
    const auto& plan = plan_of(stream.entity);
    return stream.lane == Lane::sweep && plan.sweep ? plan.sweep->every : poll;
}

asio::awaitable<Page> HttpSource::fetch_page(Stream stream, Cursor from) {
    const auto& plan = plan_of(stream.entity);
    if (stream.lane == Lane::sweep) co_return co_await fetch_sweep(plan, std::move(from));
    if (plan.walk == Walk::window) co_return co_await fetch_window(plan, std::move(from));
    co_return co_await fetch_list(plan, std::move(from));
}

asio::awaitable<Decoded> HttpSource::read_answer(const Answer& answer, const Call& call,
                                                 const json::Path& records,
                                                 const RecordPlan& record, Page& page) {
    auto work = [&] { return decode(*answer.document, request_of(call), records, record, page); };
    co_return co_await on(workers_, work);
}

asio::awaitable<void> HttpSource::complete(const StreamPlan& plan, Page& page) {
    co_await join_references(requester_, *manifest_, plan, page);
    if (plan.history) co_await add_history(requester_, *manifest_, plan, page);
}

asio::awaitable<Window::Next> HttpSource::read_window(const StreamPlan& plan, Window& window,
                                                      bool is_first, Page& page) {
    for (;;) {
        Variables variables = plan.call.with;
        variables["window.lo"] = window.lo();
        variables["window.hi"] = window.hi();
        variables["window.last"] = window.last();
        variables["keyset.last_id"] = window.last_id();
        std::vector<ErrorClass> told{ErrorClass::split_window};
        std::vector<std::string> no_ids;
        const auto answer = co_await requester_.ask(request_of(plan.call), variables, no_ids, page,
                                                    std::move(told));
        if (answer.kind == ErrorClass::split_window) {
            if (window.halve()) continue;
            throw Failure(FailureKind::refused,
                          "the CRM has too many results for the shortest time there is");
        }
        const auto latest = requester_.server_now() - manifest_->window.lag + clock_tolerance;
        if (is_first && window.end_by(latest)) continue;
        const auto decoded =
            co_await read_answer(answer, plan.call, plan.records, plan.record, page);
        const WindowPage told_page{decoded.rows, decoded.greatest_id, decoded.total};
        const auto next = window.take(told_page);
        is_first = false;
        if (next != Window::Next::count_again) co_return next;
    }
}

asio::awaitable<Page> HttpSource::fetch_window(const StreamPlan& plan, Cursor from) {
    Page page;
    page.fetched_at = clock_();
    if (begin_again_.erase(plan.entity) > 0) from.position.clear();
    auto window = Window::resume(from, manifest_->window, requester_.server_now());
    if (!window) {
        page.cursor = std::move(from);
        co_return page;
    }
    const auto next = co_await read_window(plan, *window, from.position.empty(), page);
    if (next == Window::Next::incomplete) {
        begin_again_.insert(plan.entity);
        throw Failure(FailureKind::transient,
                      fmt::format("the CRM counts more {} records in this window than it told, "
                                  "twice; the window will be read again",
                                  to_string(plan.entity)));
    }
    co_await complete(plan, page);
    page.cursor = window->cursor();
    page.more = next != Window::Next::done;
    page.progress = window->share_seen();
    co_return page;
}

asio::awaitable<Page> HttpSource::fetch_list(const StreamPlan& plan, Cursor from) {
    Page page;
    page.fetched_at = clock_();
    if (plan.complete && !telling_.contains(plan.entity)) from.position.clear();
    ListWalk walk{from, plan.passes.size()};
    const bool begins = walk.at_beginning();
    Variables variables = plan.call.with;
    for (const auto& [name, value] : plan.passes[walk.pass()]) variables[name] = value;
    if (!walk.token().empty()) variables["page.token"] = walk.token();
    std::vector<std::string> no_ids;
    const auto answer = co_await requester_.ask(request_of(plan.call), variables, no_ids, page);
    const auto decoded = co_await read_answer(answer, plan.call, plan.records, plan.record, page);
    co_await complete(plan, page);
    page.more = walk.take(decoded.next, clock_());
    page.cursor = walk.cursor();
    if (plan.complete) page.snapshot = Page::Snapshot{.begins = begins, .ends = !page.more};
    if (page.more)
        telling_.insert(plan.entity);
    else
        telling_.erase(plan.entity);
    co_return page;
}

asio::awaitable<Page> HttpSource::fetch_sweep(const StreamPlan& plan, Cursor from) {
    const auto& sweep = *plan.sweep;
    Page page;
    page.fetched_at = clock_();
    ListWalk walk{from, 1};
    Variables variables = sweep.call.with;
    if (!walk.token().empty()) variables["page.token"] = walk.token();
    std::vector<std::string> no_ids;
    const auto& request = request_of(sweep.call);
    const auto answer = co_await requester_.ask(request, variables, no_ids, page);
    const auto decoded =
        co_await read_answer(answer, sweep.call, request.records, sweep.record, page);
    for (auto& record : page.records) record.deleted = true;
    page.more = walk.take(decoded.next, clock_());
    page.cursor = walk.cursor();
    co_return page;
}

void HttpSource::bury_absent(Entity entity, const std::vector<std::string>& ids, Page& page) const {
    std::set<std::string_view> there;
    for (const auto& record : page.records)
        if (record.entity == entity) there.insert(record.id);
    for (const auto& id : ids) {
        if (there.contains(id)) continue;
        model::Record tombstone;
        tombstone.entity = entity;
        tombstone.id = page.keep(id);
        tombstone.deleted = true;
        page.records.push_back(tombstone);
    }
}

asio::awaitable<Page> HttpSource::fetch_records(Entity entity, std::vector<std::string> ids) {
    const auto& plan = plan_of(entity);
    if (!plan.by_id)
        throw Failure(FailureKind::refused,
                      fmt::format("the manifest \"{}\" cannot fetch a {} by its id",
                                  manifest_->name, to_string(entity)));
    Page page;
    page.fetched_at = clock_();
    const auto& request = request_of(plan.by_id->call);
    for (const auto& batch : batches_of(ids, plan.by_id->batch)) {
        std::vector<ErrorClass> told{ErrorClass::not_found};
        const auto answer =
            co_await requester_.ask(request, plan.by_id->call.with, batch, page, std::move(told));
        if (answer.kind == ErrorClass::none)
            co_await read_answer(answer, plan.by_id->call, request.records, plan.record, page);
    }
    bury_absent(entity, ids, page);
    co_await complete(plan, page);
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
