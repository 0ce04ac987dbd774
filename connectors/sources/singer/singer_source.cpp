// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/singer/singer_source.hpp"

#include "connectors/base/failure.hpp"
#include "connectors/base/on.hpp"
#include "connectors/sources/not_by_ids.hpp"
#include "connectors/sources/singer/tap_config.hpp"
#include "connectors/sources/singer/tap_run.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

namespace nudged::sources {
namespace {

class SingerSource final : public Source {
public:
    SingerSource(singer::Plan plan, const SingerSourceOptions& options,
                 const SourceContext& context)
        : context_(context),
          plan_(std::move(plan)),
          options_(options),
          streams_{{plan_.entities.front(), model::Lane::incremental}} {}

    ~SingerSource() override { let_go(); }
    SingerSource(const SingerSource&) = delete;
    SingerSource& operator=(const SingerSource&) = delete;

    std::span<const model::Stream> streams() const override { return streams_; }
    asio::awaitable<model::Page> fetch_page(model::Stream stream, model::Cursor from) override;
    asio::awaitable<model::Page> fetch_records(model::Entity entity,
                                               std::vector<std::string> ids) override;

private:
    asio::awaitable<void> start(const model::Cursor& from);
    asio::awaitable<model::Page> next_page();
    asio::awaitable<void> end_run();
    void let_go();

    SourceContext context_;
    singer::Plan plan_;
    SingerSourceOptions options_;
    std::vector<model::Stream> streams_;
    std::set<std::string> told_;
    std::unique_ptr<singer::TapRun> run_;
};

asio::awaitable<void> SingerSource::start(const model::Cursor& from) {
    const singer::RunContext context{.loop = co_await asio::this_coro::executor,
                                     .workers = context_.workers,
                                     .plan = plan_,
                                     .options = options_,
                                     .told = told_};
    const auto now = context_.clock();
    co_await on(context_.workers,
                [&] { run_ = std::make_unique<singer::TapRun>(context, from, now); });
}

/// Killing a tap and removing its files takes its time, which is a worker's, not the loop's.
asio::awaitable<void> SingerSource::end_run() {
    co_await on(context_.workers, [this] { run_.reset(); });
}

/// The same where nobody can wait for it: the workers come to it before they go.
void SingerSource::let_go() {
    if (run_) asio::post(context_.workers, [run = std::move(run_)]() mutable { run.reset(); });
}

/// A run that failed or was cancelled is over: its tap is killed.
asio::awaitable<model::Page> SingerSource::next_page() {
    try {
        co_return co_await run_->next_page();
    } catch (...) {
        let_go();
        throw;
    }
}

/// A page that is not the one after the last: that was never stored, or the admin wants all anew.
asio::awaitable<model::Page> SingerSource::fetch_page(model::Stream, model::Cursor from) {
    if (!run_ || !run_->continues(from)) {
        co_await end_run();  // two taps of one source would be one too many
        co_await start(from);
    }
    auto page = co_await next_page();
    if (!page.more) co_await end_run();
    co_return page;
}

asio::awaitable<model::Page> SingerSource::fetch_records(model::Entity, std::vector<std::string>) {
    throw NotByIds("a Singer tap tells streams only: it cannot be asked for records by their ids");
    co_return model::Page{};
}

}  // namespace

void check_singer(const SourceOptions& source, const std::string&, Diagnostics& problems) {
    singer::compile_plan(source, problems);
    singer::check_tap_config(source, problems);
}

std::unique_ptr<Source> make_singer(const SourceOptions& source, const SourceContext& context) {
    Diagnostics problems;
    auto plan = singer::compile_plan(source, problems);
    singer::check_tap_config(source, problems);
    if (problems.has_errors()) throw Failure(FailureKind::needs_person, problems.str());
    return std::make_unique<SingerSource>(
        std::move(plan), std::get<SingerSourceOptions>(source.connector_options), context);
}

}  // namespace nudged::sources
