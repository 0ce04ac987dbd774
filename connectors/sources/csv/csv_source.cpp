// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/csv/csv_source.hpp"

#include "connectors/base/failure.hpp"
#include "connectors/base/on.hpp"
#include "connectors/sources/csv/download.hpp"
#include "connectors/sources/csv/flow.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace nudged::sources {
namespace {

using namespace csv;

const Versions nothing_known;

class CsvSource final : public Source {
public:
    CsvSource(std::vector<Flow> flows, const SourceContext& context)
        : context_(context), flows_(std::move(flows)), bodies_(flows_.size()) {
        for (const auto& flow : flows_) streams_.push_back({flow.entity, model::Lane::incremental});
    }

    std::span<const model::Stream> streams() const override { return streams_; }
    asio::awaitable<model::Page> fetch_page(model::Stream stream, model::Cursor from) override;
    asio::awaitable<model::Page> fetch_records(model::Entity entity,
                                               std::vector<std::string> ids) override;

private:
    std::size_t index_of(model::Entity entity) const;
    asio::awaitable<Downloads> download(const Flow& flow, const Versions& known);
    asio::awaitable<bool> is_current(std::size_t index, const Walk& walk);
    asio::awaitable<Versions> look(std::size_t index, const Versions& floor);

    SourceContext context_;
    std::vector<Flow> flows_;
    std::vector<model::Stream> streams_;
    std::vector<Downloads> bodies_;  // of each flow's walk in hand; empty between walks
};

std::size_t CsvSource::index_of(model::Entity entity) const {
    const auto found = std::find_if(flows_.begin(), flows_.end(),
                                    [&](const Flow& flow) { return flow.entity == entity; });
    if (found == flows_.end())
        throw Failure(FailureKind::needs_person,
                      fmt::format("no table of the source holds a {}", to_string(entity)));
    return static_cast<std::size_t>(found - flows_.begin());
}

/// Asks for the tables behind URLs; for one whose version is `known` only if it changed.
asio::awaitable<Downloads> CsvSource::download(const Flow& flow, const Versions& known) {
    Downloads downloads(flow.tables.size());
    for (std::size_t i = 0; i < flow.tables.size(); ++i) {
        const auto& location = flow.tables[i];
        if (!location.is_url) continue;
        const bool comparable =
            i < known.size() && known[i].mapping == location.table.fingerprint();
        const Version* stored = comparable ? &known[i] : nullptr;
        downloads[i] = co_await fetch_table(context_.http, location.path, stored, context_.clock());
    }
    co_return downloads;
}

/// Whether a walk can go on where it stopped: what it reads is still what it began with.
asio::awaitable<bool> CsvSource::is_current(std::size_t index, const Walk& walk) {
    const Flow& flow = flows_[index];
    if (walk.versions.size() != flow.tables.size()) co_return false;
    if (bodies_[index].empty()) {  // the program was started again in between
        bodies_[index] = co_await download(flow, nothing_known);
        Versions now;
        co_await on(context_.workers, [&] { now = look_at(flow, bodies_[index], walk.versions); });
        co_return read_alike(now, walk.versions);
    }
    bool same = false;
    co_await on(context_.workers, [&] { same = files_unchanged(flow, walk.versions); });
    co_return same;
}

/// What the tables are now, with the bodies of those behind URLs at hand unless nothing changed.
asio::awaitable<Versions> CsvSource::look(std::size_t index, const Versions& floor) {
    const Flow& flow = flows_[index];
    bodies_[index] = co_await download(flow, floor);
    Versions now;
    co_await on(context_.workers, [&] { now = look_at(flow, bodies_[index], floor); });
    if (read_alike(now, floor) || has_bodies(flow, bodies_[index])) co_return now;
    // One table of several changed, and all are read again: the others are needed as well.
    bodies_[index] = co_await download(flow, nothing_known);
    co_await on(context_.workers, [&] { now = look_at(flow, bodies_[index], floor); });
    co_return now;
}

asio::awaitable<model::Page> CsvSource::fetch_page(model::Stream stream, model::Cursor from) {
    const std::size_t index = index_of(stream.entity);
    model::Page page;
    page.fetched_at = context_.clock();
    page.cursor.floor = from.floor;
    auto walk = parse_position(from.position);
    if (walk) {
        const bool current = co_await is_current(index, *walk);
        if (!current) walk.reset();
    }
    bool begins = false;
    if (!walk) {
        const Versions floor = parse_floor(from.floor);
        Versions now = co_await look(index, floor);
        if (read_alike(now, floor)) {
            bodies_[index].clear();
            page.cursor.floor = render_floor(now);
            co_return page;
        }
        walk.emplace();
        walk->versions = std::move(now);
        begins = true;
    }
    co_await on(context_.workers,
                [&] { read_page(flows_[index], bodies_[index], *walk, begins, page); });
    if (!page.more) bodies_[index].clear();
    co_return page;
}

asio::awaitable<model::Page> CsvSource::fetch_records(model::Entity entity,
                                                      std::vector<std::string> ids) {
    const Flow& flow = flows_[index_of(entity)];
    model::Page page;
    page.fetched_at = context_.clock();
    const Downloads downloads = co_await download(flow, nothing_known);
    co_await on(context_.workers, [&] { read_records(flow, downloads, ids, page); });
    co_return page;
}

}  // namespace

void check_csv(const SourceOptions& options, const std::string&, Diagnostics& problems) {
    check_flows(compile_flows(options, problems), problems);
}

std::unique_ptr<Source> make_csv(const SourceOptions& options, const SourceContext& context) {
    Diagnostics problems;
    auto flows = compile_flows(options, problems);
    if (problems.has_errors()) throw Failure(FailureKind::needs_person, problems.str());
    return std::make_unique<CsvSource>(std::move(flows), context);
}

}  // namespace nudged::sources
