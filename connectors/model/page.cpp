// SPDX-License-Identifier: Apache-2.0
#include "connectors/model/page.hpp"

#include <cstring>

namespace nudged::model {

std::string_view Page::keep(std::string_view text) {
    if (text.empty()) return {"", 0};
    if (!text_) text_ = std::make_unique<std::pmr::monotonic_buffer_resource>(16 * 1024);
    auto* copy = static_cast<char*>(text_->allocate(text.size(), 1));
    std::memcpy(copy, text.data(), text.size());
    return {copy, text.size()};
}

std::string& Page::adopt(std::string body) {
    bodies_.push_back(std::make_unique<std::string>(std::move(body)));
    return *bodies_.back();
}

void Page::add_malformed(std::string where, std::string what) {
    ++malformed_count;
    if (malformed.size() < max_told) malformed.push_back({std::move(where), std::move(what)});
}

}  // namespace nudged::model
