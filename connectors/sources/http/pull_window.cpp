// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/pull.hpp"

#include <fmt/format.h>

namespace nudged::sources {
namespace {

/// `Date` has whole seconds, and an answer takes a moment.
constexpr std::chrono::milliseconds clock_tolerance{2000};

WindowTraits traits_of(const Pull& pull, const Route& route) {
    const auto& walk = route.walk;
    const auto& request = pull.request_of(walk.passes.front());
    return {.by_id = request.pager.by_id,
            .stable = request.pager.stable,
            .bounded = request.bounded,
            .order = request.pager.order,
            .passes = walk.passes.size(),
            .starts_now = route.starts_now,
            .everything = route.ids != nullptr || route.ahead,
            .back = route.back};
}

Asking asking_for_page(const Pull& pull, const WalkPlan& walk, const Window& window) {
    auto asking = asking_for(pull, walk.passes[window.pass()], window.at());
    asking.variables["window.lo"] = window.lo();
    asking.variables["window.hi"] = window.hi();
    asking.variables["window.last"] = window.last();
    asking.told = {ErrorClass::split_window, ErrorClass::restart_stream};
    return asking;
}

/// What an answer that is no page asks for: half the window, or its beginning once more.
void react(Window& window, ErrorClass kind) {
    if (kind == ErrorClass::split_window && !window.halve())
        throw Failure(FailureKind::refused,
                      "the CRM has too many results for the shortest time there is");
    if (kind == ErrorClass::restart_stream)
        throw WalkBroken(FailureKind::transient, "the CRM has forgotten the page that follows");
}

asio::awaitable<Tally> read_rows(const Pull& pull, const Answer& answer, const Route& route,
                                 model::Page& page) {
    if (route.ids) co_return co_await read_ids(pull, answer, route.records, *route.ids, page);
    co_return co_await read_records(pull, answer, route.stream, route.records, page);
}

/// Asks until there is a page to store; some answers only bring the window itself on.
asio::awaitable<Window::Next> read_page(const Pull& pull, const Route& route, Window& window,
                                        bool is_first, SeenRows& seen, model::Page& page) {
    for (;;) {
        const auto asking = asking_for_page(pull, route.walk, window);
        const auto answer =
            co_await ask_whole_rows(pull, route.stream, route.records, asking, page);
        if (answer.kind != ErrorClass::none) {
            react(window, answer.kind);
            continue;
        }
        const auto latest = pull.requester.server_now() - route.walk.window.lag + clock_tolerance;
        const bool has_end = !route.ids && !route.ahead;
        if (is_first && has_end && window.end_by(latest)) continue;
        is_first = false;
        const auto tally = co_await read_rows(pull, answer, route, page);
        const auto told = seen_in(answer, tally);
        const auto& pager = asking.request.pager;
        const auto next = window.take(
            WindowPage{tally, next_page(pager, window.at(), told), total_of(pager, told)}, seen);
        if (next != Window::Next::count_again) co_return next;
    }
}

/// A window that begins before the CRM's memory does would be believed, and its floor would pass
/// over what nobody has told.
void check_reach(const Pull& pull, const Route& route, const model::Cursor& from) {
    const auto reach = route.walk.window.reach;
    const auto told = told_until(from);
    if (!route.starts_now || reach.count() == 0 || !told) return;
    if (pull.requester.server_now() - *told <= reach) return;
    throw NewsLost(fmt::format("the last changes of {} records were told at {}, and the CRM "
                               "remembers them for {} days; all of them will be loaded anew",
                               to_string(route.stream.entity), format_instant(*told),
                               std::chrono::floor<std::chrono::days>(reach).count()));
}

}  // namespace

asio::awaitable<model::Page> pull_window(const Pull& pull, const Route& route, model::Cursor from,
                                         SeenRows& seen) {
    check_reach(pull, route, from);
    model::Page page;
    page.fetched_at = pull.clock();
    auto window = Window::resume(from, route.walk.window, traits_of(pull, route),
                                 pull.requester.server_now());
    if (!window) {
        page.cursor = std::move(from);
        co_return page;
    }
    const bool is_first = from.position.empty();
    const auto next = co_await read_page(pull, route, *window, is_first, seen, page);
    if (next == Window::Next::incomplete)
        throw WalkBroken(
            FailureKind::transient,
            fmt::format("the CRM never told all the {} records of this window, however "
                        "often it was asked; the window will be read again{}",
                        to_string(route.stream.entity),
                        window->is_counted() ? " (where it counts what this user may not see, take "
                                               "a copy of the manifest without its total)"
                                             : ""));
    if (!route.ids) co_await complete_records(pull, route.stream, page);
    page.cursor = window->cursor();
    page.more = next != Window::Next::done;
    page.progress = window->share_seen();
    co_return page;
}

}  // namespace nudged::sources
