// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/position.hpp"

#include "connectors/base/failure.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <fmt/format.h>

#include <charconv>

namespace nudged::sources {
namespace {

[[noreturn]] void fail() {
    throw Failure(FailureKind::corrupt,
                  "the stored cursor cannot be read; sync this source with --full");
}

}  // namespace

Position::Position(const std::string& text) : body_(text), object_(json::parse(body_)) {
    if (!object_ || !object_->IsObject()) fail();
}

std::optional<std::string> Position::text(const char* name) const {
    const json::Document& object = *object_;
    const auto member = object.FindMember(name);
    if (member == object.MemberEnd()) return std::nullopt;
    const auto scalar = json::scalar(&member->value);
    if (!scalar) fail();
    return std::string{*scalar};
}

std::optional<std::int64_t> Position::number(const char* name) const {
    const auto digits = text(name);
    if (!digits) return std::nullopt;
    std::int64_t value = 0;
    const auto* end = digits->data() + digits->size();
    const auto read = std::from_chars(digits->data(), end, value);
    if (read.ec != std::errc{} || read.ptr != end) fail();
    return value;
}

Instant Position::instant(const char* name) const {
    const auto millis = number(name);
    if (!millis) fail();
    return from_millis(*millis);
}

PageAt Position::page() const {
    const auto hash = [&](const char* name) {
        return static_cast<std::uint64_t>(number(name, 0));  // as page_text() wrote it
    };
    return {.token = text("token").value_or(""),
            .number = number("number", 0),
            .offset = number("offset", 0),
            .trail = {.last = hash("last_rows"),
                      .milestone = hash("milestone_rows"),
                      .token = hash("milestone_token"),
                      .repeats = number("repeats", 0),
                      .empty = number("empty", 0)}};
}

std::string page_text(const PageAt& at) {
    auto text = fmt::format(R"("token":{},"number":{},"offset":{})", quoted(at.token), at.number,
                            at.offset);
    if (at.trail == Trail{}) return text;
    // Signed, as numbers of a position are.
    const auto hash = [](std::uint64_t value) { return static_cast<std::int64_t>(value); };
    return text + fmt::format(R"(,"last_rows":{},"milestone_rows":{},"milestone_token":{})"
                              R"(,"repeats":{},"empty":{})",
                              hash(at.trail.last), hash(at.trail.milestone), hash(at.trail.token),
                              at.trail.repeats, at.trail.empty);
}

std::string quoted(std::string_view text) {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer{buffer};
    writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
    return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace nudged::sources
