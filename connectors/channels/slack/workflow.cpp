// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/slack/workflow.hpp"

#include "connectors/channels/fitting.hpp"
#include "connectors/channels/post.hpp"
#include "connectors/channels/slack/limits.hpp"
#include "connectors/channels/slack/mrkdwn.hpp"
#include "connectors/channels/slack/reply.hpp"

#include <fmt/format.h>
#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace nudged::channels::slack {
namespace {

using model::Message;

/// What a workflow does with a variable is its author's choice: it must be harmless as mrkdwn and
/// as plain text.
std::string escape_variable(std::string_view value) {
    return escape_mrkdwn(without_links(value));
}

std::string fit(std::string_view raw, std::size_t max) {
    return channels::fit(raw, max, escape_variable);
}

class Lines {
public:
    explicit Lines(const Detail& detail) : detail_(detail) {}

    std::string render(const Message& message) {
        add(channels::fit_lines(message.subtitle, detail_.note, "\n", escape_variable));
        const auto shown = std::min(message.sections.size(), detail_.sections);
        for (std::size_t i = 0; i < shown; ++i) section(message.sections[i]);
        if (shown < message.sections.size())
            add(fmt::format("and {} more sections", message.sections.size() - shown));
        add(channels::fit_lines(message.footer, detail_.note, "\n", escape_variable));
        if (message.possible_repeat) add("possible repeat");
        return std::move(out_);
    }

private:
    void add(const std::string& line) {
        if (line.empty()) return;
        if (!out_.empty()) out_ += '\n';
        out_ += line;
    }
    void section(const Message::Section& section) {
        add(fit(section.heading, detail_.title));
        add(channels::fit_lines(section.text, detail_.note, "\n", escape_variable));
        const auto items = std::min(section.items.size(), detail_.items);
        for (std::size_t i = 0; i < items; ++i) {
            const auto& item = section.items[i];
            const auto mark = fit(item.mark, 8);
            add((mark.empty() ? "" : mark + " ") + fit(item.title, detail_.title));
            add(fit(item.text, detail_.note));
            add(fit(item.question, detail_.note));
        }
        if (items < section.items.size())
            add(fmt::format("and {} more, left out for length", section.items.size() - items));
        const auto rows = std::min(section.rows.size(), detail_.rows);
        for (std::size_t i = 0; i < rows; ++i) {
            std::string line;
            for (const auto& cell : section.rows[i])
                line += (line.empty() ? "" : " · ") + fit(cell, 40);
            add(line);
        }
        if (rows < section.rows.size())
            add(fmt::format("and {} more rows, left out for length", section.rows.size() - rows));
        add(channels::fit_lines(section.more, detail_.note, "\n", escape_variable));
    }

    const Detail& detail_;
    std::string out_;
};

const char* name_of(Message::Kind kind) {
    switch (kind) {
    case Message::Kind::digest: return "digest";
    case Message::Kind::brief: return "brief";
    case Message::Kind::card: return "card";
    case Message::Kind::scrum: return "scrum";
    case Message::Kind::nudge: return "nudge";
    case Message::Kind::resolved: return "resolved";
    case Message::Kind::test: break;
    }
    return "test";
}

class WorkflowChannel : public Channel {
public:
    WorkflowChannel(Secret url, net::HttpClient& http) : url_(std::move(url)), http_(http) {}

    std::string render(const Message& message) const override { return render_workflow(message); }
    std::optional<std::string> simplify(const std::string&) const override { return std::nullopt; }
    Pace pace() const override { return {3, std::chrono::seconds{3}}; }

    asio::awaitable<SendOutcome> send(const std::string& payload, const std::string&) override {
        return try_once(http_, json_post(url_.reveal(), payload), classify_workflow);
    }

private:
    Secret url_;
    net::HttpClient& http_;
};

std::string_view url_of(const ChannelOptions& options) {
    const auto* workflow = std::get_if<SlackWorkflowOptions>(&options.kind_options);
    return workflow ? workflow->url.reveal() : std::string_view{};
}

Complaint complain(const ChannelOptions& options) {
    const auto url = url_of(options);
    if (auto complaint = complain_of_url(url, "the workflow's URL"); !complaint.what.empty())
        return complaint;
    const auto path = url.substr(std::min(url.size(), url.find('/', url.find("://") + 3)));
    if (path.starts_with("/services/"))
        return {"the URL is one of an incoming webhook", "use kind = \"slack\" for it"};
    return {};
}

}  // namespace

std::string render_workflow(const Message& message) {
    std::string text;
    for (const auto& detail : detail_steps) {
        text = Lines{detail}.render(message);
        if (length(text) <= max_plain) break;
    }
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> json(buffer);
    const auto member = [&](const char* name, const std::string& value) {
        json.Key(name);
        json.String(value);
    };
    const auto title = fit(message.title, max_header);
    json.StartObject();
    member("title", title.empty() ? "nudged" : title);
    member("text", text);
    member("reference", fit(message.reference, 60));
    member("kind", name_of(message.kind));
    json.EndObject();
    return {buffer.GetString(), buffer.GetSize()};
}

SendOutcome classify_workflow(const net::HttpResponse& response, Instant now) {
    if (response.status < 200 || response.status >= 300) return classify(response, now);
    SendOutcome result;
    result.status = response.status;
    result.outcome = Outcome::accepted;
    result.reason = fmt::format("{}: the workflow was started", response.status);
    rapidjson::Document document;
    document.Parse<rapidjson::kParseIterativeFlag>(response.body.data(), response.body.size());
    if (document.HasParseError() || !document.IsObject()) return result;
    const auto ok = document.FindMember("ok");
    if (ok == document.MemberEnd() || !ok->value.IsBool() || ok->value.GetBool()) return result;
    // The words of the webhooks' answers; without one of them this message can never pass.
    return classify(response, now);
}

void check_workflow(const ChannelOptions& options, Diagnostics& problems) {
    if (url_of(options).empty()) return;  // who needs it has been told already
    report(complain(options), options, problems);
}

std::unique_ptr<Channel> make_workflow(const ChannelOptions& options, net::HttpClient& http) {
    refuse(complain(options), options);
    return std::make_unique<WorkflowChannel>(Secret{std::string{url_of(options)}}, http);
}

}  // namespace nudged::channels::slack
