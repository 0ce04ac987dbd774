// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/alertmanager/render.hpp"

#include "connectors/channels/fitting.hpp"

#include <fmt/format.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <map>
#include <vector>

namespace nudged::channels::alertmanager {
namespace {

using model::Message;

constexpr std::size_t max_label = 200;
constexpr std::size_t max_summary = 400;
constexpr std::size_t max_description = 2'000;

struct Alert {
    std::string subject;
    std::string summary;
    std::string description;
    std::string url;
    // Of a finding; else empty.
    std::string finding{};
    std::string check{};
    bool is_over = false;
};

std::string facts_of(const Message::Item& item) {
    constexpr std::size_t max_facts = 10;
    std::string text;
    for (std::size_t i = 0; i < std::min(item.facts.size(), max_facts); ++i) {
        if (!text.empty()) text += " · ";
        if (!item.facts[i].label.empty()) text += value(item.facts[i].label, 80) + ": ";
        text += value(item.facts[i].value, 200);
    }
    if (item.facts.size() > max_facts)
        text += fmt::format(" · and {} more", item.facts.size() - max_facts);
    return text;
}

/// Lines, as long as there is room for whole ones.
void add_line(std::string& text, const std::string& line) {
    if (line.empty() || length(text) + length(line) + 1 > max_description) return;
    if (!text.empty()) text += '\n';
    text += line;
}

/// The first finding is the one that the item's question and facts are about.
void add_findings(std::vector<Alert>& alerts, const Message::Item& item) {
    for (const auto& finding : item.findings) {
        Alert alert{value(finding.title.empty() ? item.title : finding.title, max_label),
                    value(finding.text, max_summary),
                    "",
                    safe_url(finding.url, 1'000),
                    value(finding.id, 64),
                    value(finding.check, max_label),
                    finding.is_over};
        if (&finding == &item.findings.front()) {
            add_line(alert.description, value(item.question, max_summary));
            add_line(alert.description, facts_of(item));
        }
        alerts.push_back(std::move(alert));
    }
}

std::vector<Alert> alerts_of(const Message& message) {
    std::vector<Alert> alerts;
    std::map<std::string, std::size_t> index_of;
    for (const auto& section : message.sections)
        for (const auto& item : section.items) {
            if (!item.findings.empty()) {
                add_findings(alerts, item);
                continue;
            }
            const auto subject = value(item.title, max_label);
            const auto [known, is_new] = index_of.try_emplace(subject, alerts.size());
            if (is_new)
                alerts.push_back(
                    {subject, value(item.text, max_summary), "", safe_url(item.url, 1'000)});
            auto& description = alerts[known->second].description;
            if (!is_new) add_line(description, value(item.text, max_summary));
            add_line(description, value(item.question, max_summary));
            add_line(description, facts_of(item));
        }
    return alerts;
}

Alert whole(const Message& message) {
    // What a message is about outlives its title: it must be the same when it is over.
    Alert alert{value(message.about.empty() ? message.title : message.about, max_label),
                value(message.title, max_summary), "", ""};
    add_line(alert.description, value(message.subtitle, max_summary));
    for (const auto& section : message.sections) {
        add_line(alert.description, value(section.heading, max_summary));
        add_line(alert.description, value(section.text, max_summary));
    }
    return alert;
}

const char* name_of(Message::Kind kind) {
    switch (kind) {
    case Message::Kind::digest: return "NudgedDigest";
    case Message::Kind::brief: return "NudgedBrief";
    case Message::Kind::card: return "NudgedCard";
    case Message::Kind::scrum: return "NudgedScrum";
    case Message::Kind::test: return "NudgedTest";
    case Message::Kind::nudge:
    case Message::Kind::resolved: break;
    }
    return "Nudged";
}

class Writer {
public:
    Writer(const Message& message, std::string_view channel, const AlertmanagerOptions& options)
        : message_(message), channel_(channel), options_(options) {}

    std::string write(const std::vector<Alert>& alerts) {
        json_.StartArray();
        for (const auto& alert : alerts) add(alert);
        json_.EndArray();
        return {buffer_.GetString(), buffer_.GetSize()};
    }

private:
    void member(const std::string& name, const std::string& text) {
        if (text.empty()) return;
        json_.Key(name.c_str());
        json_.String(text);
    }
    void add(const Alert& alert) {
        json_.StartObject();
        json_.Key("labels");
        json_.StartObject();
        auto labels = options_.labels;
        labels["alertname"] = alert.finding.empty() ? name_of(message_.kind) : "NudgedFinding";
        if (!alert.finding.empty()) {
            labels["finding"] = alert.finding;
            labels["check"] = alert.check;
        }
        labels["channel"] = channel_;
        labels["subject"] = alert.subject;
        for (const auto& [name, text] : labels) member(name, value(text, max_label));
        json_.EndObject();
        json_.Key("annotations");
        json_.StartObject();
        member("summary", alert.summary);
        member("description", alert.description);
        member("reference", value(message_.reference, 60));
        json_.EndObject();
        add_times(alert.is_over || message_.kind == Message::Kind::resolved);
        member("generatorURL", alert.url);
        json_.EndObject();
    }
    /// Without a beginning, Alertmanager takes the one it knows, or now; one that is not known here
    /// must not be later than the end.
    void add_times(bool is_over) {
        if (!message_.decided_at) return;
        const auto at = *message_.decided_at;
        if (is_over) {
            member("endsAt", format_instant(at));
            return;
        }
        member("startsAt", format_instant(at));
        member("endsAt", format_instant(at + options_.keep_for));
    }

    const Message& message_;
    std::string channel_;
    const AlertmanagerOptions& options_;
    rapidjson::StringBuffer buffer_;
    rapidjson::Writer<rapidjson::StringBuffer> json_{buffer_};
};

}  // namespace

std::string render(const Message& message, std::string_view channel,
                   const AlertmanagerOptions& options) {
    auto alerts = alerts_of(message);
    if (alerts.empty()) alerts.push_back(whole(message));
    if (alerts.size() > max_alerts) {
        const auto left_out = alerts.size() - (max_alerts - 1);
        alerts.resize(max_alerts - 1);
        alerts.push_back({"left out",
                          fmt::format("and {} more, left out for length; to list them: nudged "
                                      "evaluate",
                                      left_out),
                          "", ""});
    }
    return Writer{message, channel, options}.write(alerts);
}

bool is_label_name(std::string_view name) {
    const auto is_letter = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
    };
    return !name.empty() && !name.starts_with("__") && is_letter(name.front()) &&
           std::all_of(name.begin(), name.end(),
                       [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); });
}

}  // namespace nudged::channels::alertmanager
