// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/request.hpp"

namespace nudged::sources {
namespace {

/// A list of a row that goes on elsewhere.
struct OpenList {
    std::string id;  // of what the row is about
    std::string token;
    json::Value* list;
};

std::vector<OpenList> open_lists(const RequestPlan& request, const json::Document& answer) {
    const auto& rest = *request.rest;
    std::vector<OpenList> open;
    request.records.each_element(answer, [&](const json::Value& row, const json::Value&) {
        const auto token = json::scalar(rest.next.find(row));
        const auto id = json::scalar(rest.id.find(row));
        const auto* list = rest.list.find(row);
        if (!token || token->empty() || !id || !list || !list->IsArray()) return;
        // The list is part of `answer`, which is ours to change; a path knows only how to read.
        auto* ours = const_cast<json::Value*>(list);  // NOLINT(*-const-cast)
        open.push_back({std::string{*id}, std::string{*token}, ours});
    });
    return open;
}

/// How many elements came to the list. Their texts stand in the page.
std::size_t append(json::Value& list, const json::Path& records, const json::Document& more,
                   json::Document::AllocatorType& memory) {
    std::size_t rows = 0;
    records.each_element(more, [&](const json::Value& one, const json::Value&) {
        list.PushBack(json::Value{one, memory}, memory);
        ++rows;
    });
    return rows;
}

}  // namespace

asio::awaitable<void> Requester::complete_lists(const Asking& asking, Answer& answer,
                                                model::Page& page) {
    const auto& request = manifest_->requests[asking.request.rest->request];
    for (const auto& open : open_lists(asking.request, *answer.document)) {
        Asking more{.request = request, .variables = asking.variables, .ids = {open.id}};
        more.variables["limit"] = request.limit;
        more.told = {ErrorClass::not_found};  // it was removed in between
        std::optional<PageAt> at{PageAt{.token = open.token, .number = 1}};
        while (at) {
            add_page(request.pager, *at, more.variables);
            const auto told = co_await ask(more, page);
            const PageAt here = std::move(*at);
            at.reset();
            if (told.kind != ErrorClass::none) break;
            const auto rows = append(*open.list, request.records, *told.document,
                                     answer.document->GetAllocator());
            const PageSeen seen{
                .body = *told.document, .headers = told.headers, .rows = rows, .last_id = {}};
            at = next_page(request.pager, here, seen);
        }
    }
}

}  // namespace nudged::sources
