// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/writer.hpp"

#include "daemon/warehouse/writer_thread.hpp"

#include <boost/asio/append.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <future>

namespace nudged::warehouse {
namespace {

using boost::system::error_code;

/// Something any thread may call once, which resumes the coroutine behind `handler` on its own
/// executor; until then the executor has work.
template <typename Handler>
Resume resume_of(Handler handler) {
    auto executor = asio::prefer(asio::get_associated_executor(handler),
                                 asio::execution::outstanding_work.tracked);
    auto kept = std::make_shared<Handler>(std::move(handler));
    return [kept, executor](error_code error) {
        asio::post(executor, [kept, error] {
            auto slot = asio::get_associated_cancellation_slot(*kept);
            if (slot.is_connected()) slot.clear();
            auto resumed = std::move(*kept);
            resumed(error);
        });
    };
}

/// Suspends until what `start` was given is called. Not cancellable.
template <typename Start>
asio::awaitable<void> suspend(Start start) {
    auto begin = [start](auto handler) { start(resume_of(std::move(handler))); };
    return asio::async_initiate<const asio::use_awaitable_t<>, void(error_code)>(
        std::move(begin), asio::use_awaitable);
}

}  // namespace

Writer::Writer(WriterOptions options) : thread_(std::make_unique<Thread>(std::move(options))) {}

Writer::~Writer() = default;

Writer::PageQueue Writer::open_queue(const std::string& source, const std::string& connector,
                                     model::Stream stream, bool full, Clock clock) {
    return PageQueue{std::shared_ptr<PageQueue::State>(
        new PageQueue::State{*thread_, source, connector, stream, full, std::move(clock)})};
}

asio::awaitable<void> Writer::run_erased(std::function<void(Database&)>& work,
                                         std::exception_ptr& thrown, bool in_transaction) {
    return suspend([this, &work, &thrown, in_transaction](Resume resume) {
        thread_->run_soon({work, thrown, std::move(resume), in_transaction});
    });
}

void Writer::run_blocking(const std::function<void(Database&)>& work) {
    std::function<void(Database&)> body = work;
    std::exception_ptr thrown;
    auto ended = std::make_shared<std::promise<void>>();  // shared: it is used until set_value ends
    thread_->run_soon({body, thrown, [ended](error_code) { ended->set_value(); }});
    ended->get_future().get();
    if (thrown) std::rethrow_exception(thrown);
}

StoreRules* Writer::rules() const {
    return thread_->rules();
}

Changes Writer::take_changes(Instant now) {
    return thread_->take_changes(now);
}

FileHealth Writer::health() const {
    return thread_->health();
}

Writer::PageQueue::PageQueue(std::shared_ptr<State> state) : state_(std::move(state)) {}
Writer::PageQueue::PageQueue(PageQueue&&) noexcept = default;
Writer::PageQueue::~PageQueue() = default;

asio::awaitable<void> Writer::PageQueue::push(model::Page page) {
    auto& thread = state_->thread;
    if (const auto failure = thread.failure_of(*state_)) std::rethrow_exception(failure);
    const Instant now = state_->clock ? state_->clock() : page.fetched_at;
    auto begin = [this, &thread, &page, now](auto handler) {
        const auto ticket = thread.next_ticket();
        auto slot = asio::get_associated_cancellation_slot(handler);
        if (slot.is_connected())
            slot.assign([&thread, ticket](asio::cancellation_type type) {
                if (type == asio::cancellation_type::none) return;
                if (const auto resume = thread.withdraw(ticket))
                    (*resume)(asio::error::operation_aborted);
            });
        thread.push(ticket, {state_, std::move(page), now}, resume_of(std::move(handler)));
    };
    auto queued = asio::async_initiate<const asio::use_awaitable_t<>, void(error_code)>(
        begin, asio::use_awaitable);
    co_await std::move(queued);
}

asio::awaitable<Stored> Writer::PageQueue::drain() {
    auto& thread = state_->thread;
    auto drained = suspend(
        [&thread, state = state_](Resume resume) { thread.drain(*state, std::move(resume)); });
    co_await std::move(drained);
    if (const auto failure = thread.failure_of(*state_)) std::rethrow_exception(failure);
    co_return thread.stored_by(*state_);
}

}  // namespace nudged::warehouse
