// SPDX-License-Identifier: Apache-2.0
#include "connectors/model/page.hpp"

#include <cstring>
#include <functional>

namespace nudged::model {
namespace {

bool is_within(const std::string& body, std::string_view text) {
    const std::less_equal<> not_after;  // of pointers that need not point into one text
    return not_after(body.data(), text.data()) &&
           not_after(text.data() + text.size(), body.data() + body.size());
}

}  // namespace

std::string_view Page::keep(std::string_view text) {
    if (text.empty()) return std::string_view{""};
    // What was parsed in place is here already; nearly all pages have one body.
    if (!bodies_.empty() && is_within(*bodies_.back(), text)) return text;
    if (!text_) text_ = std::make_unique<std::pmr::monotonic_buffer_resource>(16 * 1024);
    auto* copy = static_cast<char*>(text_->allocate(text.size(), 1));
    std::memcpy(copy, text.data(), text.size());
    return {copy, text.size()};
}

std::string& Page::adopt(std::string body) {
    bodies_.push_back(std::make_unique<std::string>(std::move(body)));
    return *bodies_.back();
}

std::size_t Page::adopted_bytes() const {
    std::size_t bytes = 0;
    for (const auto& body : bodies_) bytes += body->size();
    return bytes;
}

void Page::add_malformed(std::string where, std::string what) {
    ++malformed_count;
    if (malformed.size() < max_told) malformed.push_back({std::move(where), std::move(what)});
}

}  // namespace nudged::model
