// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/coaching/convention.hpp"

#include "connectors/base/text.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace nudged::checks {
namespace {

constexpr std::array<std::pair<RecordKind, std::string_view>, 6> kinds{{
    {RecordKind::one_to_one, "1:1"},
    {RecordKind::commitment, "commit"},
    {RecordKind::plan, "plan"},
    {RecordKind::best_practice, "best"},
    {RecordKind::escalation, "esc"},
    {RecordKind::praise, "praise"},
}};

/// The mark of a subject and what stands behind it.
struct Marked {
    RecordKind kind;
    std::string_view rest;
};

std::optional<Marked> read_mark(std::string_view subject) {
    subject = trim(subject);
    const auto end = subject.find(']');
    if (!subject.starts_with('[') || end == subject.npos) return std::nullopt;
    const auto mark = to_lower_ascii(trim(subject.substr(1, end - 1)));
    for (const auto& [kind, name] : kinds)
        if (mark == name) return Marked{kind, trim(subject.substr(end + 1))};
    return std::nullopt;
}

/// "dials" of "kpi: dials", by a key that is known.
struct Keyed {
    std::string key;
    std::string_view value;
};

std::optional<Keyed> read_key(std::string_view line) {
    static constexpr std::array<std::string_view, 7> keys{"kpi",    "from", "to",  "week",
                                                          "worked", "hard", "next"};
    const auto colon = line.find(':');
    if (colon == line.npos) return std::nullopt;
    const auto key = to_lower_ascii(trim(line.substr(0, colon)));
    for (const auto known : keys)
        if (key == known) return Keyed{key, trim(line.substr(colon + 1))};
    return std::nullopt;
}

std::optional<double> read_number(std::string_view text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value) ||
        value < 0)
        return std::nullopt;
    return value;
}

void add_line(std::string& text, std::string_view line) {
    if (!text.empty()) text += '\n';
    text += line;
}

/// Reads a body line by line.
class BodyReader {
public:
    explicit BodyReader(ConventionRecord& record) : record_(record) {}

    void read(std::string_view line) {
        ++number_;
        if (const auto keyed = read_key(line))
            take(*keyed, line);
        else if (!trim(line).empty() || open_ != &record_.text || !record_.text.empty())
            add_line(*open_, line);
    }

private:
    void take(const Keyed& keyed, std::string_view line) {
        open_ = &record_.text;
        const auto& [key, value] = keyed;
        if (key == "kpi")
            take_kpi(value, line);
        else if (key == "from")
            take_number(record_.from, value, line, "from: 40");
        else if (key == "to")
            take_number(record_.to, value, line, "to: 50");
        else if (key == "week")
            take_week(value, line);
        else
            take_text(key == "worked" ? record_.worked
                      : key == "hard" ? record_.hard
                                      : record_.next,
                      value);
    }

    void take_kpi(std::string_view value, std::string_view line) {
        if (value.empty())
            bad(line, "names no KPI; write it as kpis.toml does, such as kpi: dials");
        else
            record_.kpi = value;
    }

    void take_number(std::optional<double>& out, std::string_view value, std::string_view line,
                     std::string_view example) {
        if (const auto number = read_number(value))
            out = *number;
        else
            bad(line, fmt::format("is no number; write it alone, such as {}", example));
    }

    void take_week(std::string_view value, std::string_view line) {
        if (const auto week = IsoWeek::parse(value))
            record_.week = *week;
        else
            bad(line, "is no ISO week; write it like week: 2026-W48");
    }

    void take_text(std::string& out, std::string_view value) {
        out = value;
        open_ = &out;
    }

    void bad(std::string_view line, std::string why) {
        record_.bad_lines.push_back({number_, std::string{line}, std::move(why)});
    }

    ConventionRecord& record_;
    std::string* open_ = &record_.text;  // what a line without a key belongs to
    int number_ = 0;
};

}  // namespace

std::string_view to_string(RecordKind kind) {
    return kinds[static_cast<std::size_t>(kind)].second;
}

std::vector<std::string> ConventionRecord::missing() const {
    std::vector<std::string> names;
    if (kpi.empty()) names.emplace_back("kpi");
    if (!to) names.emplace_back("to");
    if (!week) names.emplace_back("week");
    return names;
}

std::optional<RecordKind> record_kind_of(std::string_view subject) {
    const auto marked = read_mark(subject);
    return marked ? std::optional{marked->kind} : std::nullopt;
}

std::optional<ConventionRecord> parse_convention(std::string_view subject, std::string_view body) {
    const auto marked = read_mark(subject);
    if (!marked) return std::nullopt;
    ConventionRecord record;
    record.kind = marked->kind;
    record.title = marked->rest;
    BodyReader reader(record);
    while (!body.empty()) {
        const auto end = body.find('\n');
        auto line = body.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        reader.read(line);
        body = end == body.npos ? std::string_view{} : body.substr(end + 1);
    }
    return record;
}

}  // namespace nudged::checks
