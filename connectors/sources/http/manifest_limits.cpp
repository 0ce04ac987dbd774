// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/text.hpp"
#include "connectors/sources/http/feedback.hpp"
#include "connectors/sources/http/manifest_compiler.hpp"

#include <fmt/format.h>

#include <charconv>

namespace nudged::sources {
namespace {

using std::chrono::milliseconds;

/// "429", "500-504" or "5xx".
std::optional<StatusRange> parse_statuses(std::string_view text) {
    const auto number = [](std::string_view digits) {
        int value = 0;
        const auto end = digits.data() + digits.size();
        const auto parsed = std::from_chars(digits.data(), end, value);
        const bool is_status = digits.size() == 3 && parsed.ptr == end && value >= 100;
        return is_status ? std::optional{value} : std::nullopt;
    };
    if (text.size() == 3 && text.ends_with("xx") && text[0] >= '1' && text[0] <= '5') {
        const int hundred = (text[0] - '0') * 100;
        return StatusRange{hundred, hundred + 99};
    }
    const auto dash = text.find('-');
    const auto first = number(text.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : number(text.substr(dash + 1));
    if (!first || !last || *first > *last) return std::nullopt;
    return StatusRange{*first, *last};
}

/// A share of something: a number above 0 and up to 1.
double read_share(TomlTable& table, std::string_view key, double otherwise) {
    const auto* node = table.node(key);
    if (!node) return otherwise;
    const auto share = node->value<double>();
    if (share && *share > 0 && *share <= 1) return *share;
    table.error(key, fmt::format("\"{}\" is no share", key), "write a number like 0.2");
    return otherwise;
}

HeaderValue read_header_value(TomlTable& value) {
    HeaderValue read;
    read.header = to_lower_ascii(value.required_text("header"));
    read.member = value.text("member");
    return read;
}

std::optional<HeaderValue> read_told(TomlTable& table, std::string_view key) {
    auto value = table.table(key);
    if (!value) return std::nullopt;
    auto read = read_header_value(*value);
    value->finish();
    return read;
}

bool counts_seconds(TomlTable& table, const LimiterPlan& limiter) {
    const auto counts = table.text("counts", "requests");
    if (counts == "requests") return false;
    if (counts != "seconds")
        table.error("counts", fmt::format("no limiter counts \"{}\"", counts),
                    hint(counts, {"requests", "seconds"}, "things to count"));
    else if (limiter.kind == LimiterKind::quota)
        table.error("counts", "a quota counts requests", "leave out counts, or the kind");
    return counts == "seconds";
}

}  // namespace

void ManifestCompiler::read_limiters(TomlTable& top) {
    for (auto& table : top.tables("limiter")) {
        LimiterPlan limiter;
        limiter.name = table.required_text("name");
        const auto kind = table.text("kind", "pace");
        if (kind == "quota")
            limiter.kind = LimiterKind::quota;
        else if (kind != "pace")
            table.error("kind", fmt::format("unknown kind of limiter \"{}\"", kind),
                        hint(kind, {"pace", "quota"}, "kinds"));
        limiter.counts_seconds = counts_seconds(table, limiter);
        limiter.concurrent = static_cast<int>(table.number("concurrent", 0, 1, 1000));
        limiter.is_paced = limiter.concurrent == 0 || table.has("capacity") || table.has("per");
        limiter.capacity = read_capacity(table);
        read_quota(table, limiter);
        limiter.per = duration(table, "per", limiter.per);
        if (limiter.per < milliseconds{1}) table.error("per", "a limiter needs some time");
        read_feedback(table, limiter);
        if (!limiters_.emplace(limiter.name, manifest_.limiters.size()).second)
            table.error("name", fmt::format("there are two limiters \"{}\"", limiter.name));
        manifest_.limiters.push_back(std::move(limiter));
        table.finish();
    }
}

void ManifestCompiler::read_quota(TomlTable& table, LimiterPlan& limiter) {
    if (limiter.kind != LimiterKind::quota) return;
    limiter.per = std::chrono::hours{24};
    limiter.share = read_share(table, "share", limiter.share);
    limiter.reserve = read_share(table, "reserve", limiter.reserve);
    const auto until = table.text("until");
    limiter.until_midnight = until == "midnight";
    if (!until.empty() && !limiter.until_midnight)
        table.error("until", fmt::format("nothing is known to end at \"{}\"", until),
                    "write until = \"midnight\", or per = \"24h\" for a rolling span");
    if (!table.has("capacity"))
        table.error("capacity", "a quota needs its capacity",
                    "add capacity = the account's, of which a share is ours");
}

/// A number, or a text with a setting in it: accounts differ in what they may ask for.
double ManifestCompiler::read_capacity(TomlTable& table) {
    constexpr std::int64_t most = 1'000'000'000;
    const auto* node = table.node("capacity");
    if (!node || !node->is_string())
        return static_cast<double>(table.number("capacity", 1, 1, most));
    const auto text = plain(table, "capacity");
    std::int64_t number = 0;
    const auto* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error == std::errc{} && stop == end && number >= 1 && number <= most)
        return static_cast<double>(number);
    table.error("capacity", fmt::format("\"{}\" is no number of requests", text),
                "write a whole number, from 1 on");
    return 1;
}

void ManifestCompiler::read_feedback(TomlTable& table, LimiterPlan& limiter) {
    auto& feedback = limiter.feedback;
    feedback.remaining = read_told(table, "remaining");
    feedback.limit = read_told(table, "limit");
    feedback.used_of = read_told(table, "used_of");
    auto reset = table.table("reset");
    if (!reset) return;
    feedback.reset = read_header_value(*reset);
    const auto form = reset->text("as", "seconds");
    const std::vector<std::string> forms{"seconds", "epoch_s", "epoch_ms"};
    const auto found = std::ranges::find(forms, form);
    if (found == forms.end())
        reset->error("as", fmt::format("unknown form of a reset \"{}\"", form),
                     hint(form, forms, "forms"));
    else
        feedback.reset_form = static_cast<ResetForm>(found - forms.begin());
    reset->finish();
}

void ManifestCompiler::read_retry(TomlTable& top) {
    auto table = top.table("retry");
    if (!table) return;
    auto& retry = manifest_.retry;
    retry.tries = static_cast<int>(table->number("tries", retry.tries, 1, 100));
    retry.base = duration(*table, "base", retry.base);
    retry.cap = duration(*table, "cap", retry.cap);
    retry.patience = duration(*table, "patience", retry.patience);
    retry.timeout = duration(*table, "timeout", retry.timeout);
    table->finish();
}

std::vector<ErrorRule> ManifestCompiler::read_error_rules(TomlTable& top, std::string_view key) {
    std::vector<ErrorRule> rules;
    for (auto& table : top.tables(key)) {
        rules.push_back(read_error_rule(table));
        table.finish();
    }
    return rules;
}

ErrorRule ManifestCompiler::read_error_rule(TomlTable& table) {
    ErrorRule rule;
    for (const auto& text : table.texts("status")) {
        if (const auto range = parse_statuses(text))
            rule.statuses.push_back(*range);
        else
            table.error("status", fmt::format("\"{}\" is no status", text),
                        "write one like 429, \"500-504\" or \"5xx\"");
    }
    const auto name = table.required_text("class");
    if (const auto kind = error_class_of(name))
        rule.kind = *kind;
    else
        table.error("class", fmt::format("unknown error class \"{}\"", name),
                    hint(name, error_class_names(), "classes"));
    const auto* matches = table.node("match");
    if (matches && matches->is_array()) {
        for (auto& match : table.tables("match")) rule.matches.push_back(read_match(match));
    } else if (auto match = table.table("match")) {
        rule.matches.push_back(read_match(*match));
    }
    read_throttle(table, rule);
    if (auto field = table.table("field")) {
        FieldMention mention;
        mention.at = read_path(*field, "at");
        const auto between = field->texts("between");
        if (between.size() == 2) {
            mention.before = between[0];
            mention.after = between[1];
        } else if (!between.empty()) {
            field->error("between", "\"between\" is not two texts",
                         "write what stands before the name and what behind it");
        }
        field->finish();
        rule.field = std::move(mention);
    }
    if ((rule.kind == ErrorClass::drop_field) != rule.field.has_value())
        table.error("class", "drop_field and field belong together",
                    "say with field = { at = \"/PLACE\", between = [\"'\", \"'\"] } where the "
                    "answer names the field");
    return rule;
}

ErrorMatch ManifestCompiler::read_match(TomlTable& table) {
    ErrorMatch match;
    match.at = read_optional_path(table, "at");
    match.header = to_lower_ascii(table.text("header"));
    match.text = table.has("text");
    match.contains = table.texts(match.text ? "text" : "contains");
    match.in = table.texts("in");
    if (const auto* above = table.node("above")) {
        match.above = above->value<double>();
        if (!match.above) table.error("above", "\"above\" is not a number");
    }
    if (table.has("present")) match.present = table.flag("present");
    if (int{match.at.has_value()} + int{!match.header.empty()} + int{match.text} != 1)
        table.problems().error(table.place(), "a condition looks at one place",
                               "give it at = \"/PLACE\", header = \"NAME\" or text = \"PART\"");
    else if (match.in.empty() && match.contains.empty() && !match.above && !match.present)
        table.problems().error(table.place(), "the condition does not say what it wants",
                               "add in, contains, above or present");
    table.finish();
    return match;
}

void ManifestCompiler::read_throttle(TomlTable& table, ErrorRule& rule) {
    rule.wait = duration(table, "wait", rule.wait);
    const auto until = table.text("until");
    rule.until_midnight = until == "midnight";
    rule.until_reset = until == "reset";
    if (!until.empty() && !rule.until_midnight && !rule.until_reset)
        table.error("until", fmt::format("nothing is known to end at \"{}\"", until),
                    "write until = \"midnight\" or \"reset\"");
    rule.escalate = static_cast<int>(table.number("escalate", 0, 2, 100));
    rule.escalated_wait = duration(table, "escalated_wait", rule.escalated_wait);
    if (rule.escalate > 0 && rule.kind != ErrorClass::throttle_short)
        table.error("escalate", "only a short throttle can become one of a quota",
                    "write class = \"throttle_short\"");
}

}  // namespace nudged::sources
