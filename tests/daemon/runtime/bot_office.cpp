// SPDX-License-Identifier: Apache-2.0
#include "tests/daemon/runtime/bot_office.hpp"

#include "connectors/channels/catalog.hpp"
#include "connectors/model/message.hpp"

#include <fmt/format.h>
#include <rapidjson/document.h>

#include <algorithm>
#include <iterator>
#include <tuple>

namespace nudged::tests {
namespace {

/// The real channel, but for its pace: a test's second is not a real one.
class Hurried : public channels::Channel {
public:
    explicit Hurried(std::unique_ptr<channels::Channel> real) : real_(std::move(real)) {}
    std::string render(const model::Message& message) const override {
        return real_->render(message);
    }
    std::optional<std::string> simplify(const std::string& payload) const override {
        return real_->simplify(payload);
    }
    asio::awaitable<channels::SendOutcome> send(const std::string& payload,
                                                const std::string& key) override {
        return real_->send(payload, key);
    }
    channels::Pace pace() const override { return {1'000, std::chrono::milliseconds{1}}; }
    bool can_edit() const override { return real_->can_edit(); }

private:
    std::unique_ptr<channels::Channel> real_;
};

std::string text_at(const rapidjson::Value& json, const char* name) {
    const auto found = json.FindMember(name);
    return found != json.MemberEnd() && found->value.IsString() ? found->value.GetString() : "";
}

/// The header's text, or the first line where there are no blocks; and all texts.
std::pair<std::string, std::string> read_texts(const rapidjson::Document& json) {
    const auto plain = text_at(json, "text");
    const bool has_blocks = json.HasMember("blocks") && !json["blocks"].Empty();
    if (!has_blocks) return {plain.substr(0, plain.find('\n')), plain};
    std::string all;
    for (const auto& block : json["blocks"].GetArray()) {
        if (block.HasMember("text")) all += text_at(block["text"], "text") + "\n";
        if (block.HasMember("elements")) all += text_at(block["elements"][0], "text") + "\n";
    }
    return {all.substr(0, all.find('\n')), all};
}

Reply error(const char* word) {
    return Reply::json(fmt::format(R"({{"ok":false,"error":"{}"}})", word));
}

Reply done(const std::string& channel, const std::string& ts) {
    return Reply::json(fmt::format(R"({{"ok":true,"channel":"{}","ts":"{}"}})", channel, ts));
}

}  // namespace

Workspace::Workspace() : server_([this](const Request& request) { return answer(request); }) {}

void Workspace::answer_next(std::vector<Reply> replies) {
    const std::lock_guard lock(mutex_);
    std::move(replies.begin(), replies.end(), std::back_inserter(replies_));
}

void Workspace::remove(std::size_t index) {
    const std::lock_guard lock(mutex_);
    posts_.at(index).is_gone = true;
}

std::vector<std::string> Workspace::messages() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> all;
    for (const auto& post : posts_)
        all.push_back(post.thread.empty() ? fmt::format("{}: {}", post.channel, post.headline)
                                          : fmt::format("  ↳ {}", post.headline));
    return all;
}

std::string Workspace::text_of(std::size_t index) const {
    const std::lock_guard lock(mutex_);
    return posts_.at(index).text;
}

std::vector<Request> Workspace::requests(const std::string& method) const {
    std::vector<Request> all;
    for (auto& request : server_.requests())
        if (request.path == "/api/" + method) all.push_back(std::move(request));
    return all;
}

std::vector<std::string> Workspace::methods() const {
    std::vector<std::string> all;
    for (const auto& request : server_.requests())
        all.push_back(request.path.substr(request.path.rfind('/') + 1));
    return all;
}

Reply Workspace::answer(const Request& request) {
    const std::lock_guard lock(mutex_);
    if (request.path == "/api/users.lookupByEmail") {
        const auto mail = request.query.at("email");
        if (mail == "max@example.com") return Reply::json(R"({"ok":true,"user":{"id":"U0MAX"}})");
        if (mail == "ana@example.com") return Reply::json(R"({"ok":true,"user":{"id":"U0ANA"}})");
        return error("users_not_found");
    }
    if (!replies_.empty()) {
        auto reply = std::move(replies_.front());
        replies_.pop_front();
        return reply;
    }
    if (request.path == "/api/chat.postMessage") return post(request.body);
    return request.path == "/api/chat.update" ? edit(request.body) : error("unknown_method");
}

Reply Workspace::post(const std::string& body) {
    rapidjson::Document json;
    if (json.Parse(body.data(), body.size()).HasParseError()) return error("invalid_json");
    Post post;
    post.channel = text_at(json, "channel");
    if (post.channel.starts_with("U0")) post.channel.replace(0, 2, "D0");
    post.thread = text_at(json, "thread_ts");
    if (!post.thread.empty() && std::none_of(posts_.begin(), posts_.end(), [&](const Post& one) {
            return one.ts == post.thread && one.channel == post.channel && !one.is_gone;
        }))
        return error("cannot_reply_to_message");
    post.ts = fmt::format("1503435956.{:06}", posts_.size() + 1);
    std::tie(post.headline, post.text) = read_texts(json);
    posts_.push_back(post);
    return done(post.channel, post.ts);
}

Reply Workspace::edit(const std::string& body) {
    rapidjson::Document json;
    if (json.Parse(body.data(), body.size()).HasParseError()) return error("invalid_json");
    if (!text_at(json, "channel").starts_with('D') && !text_at(json, "channel").starts_with('C'))
        return error("channel_not_found");
    for (auto& post : posts_) {
        if (post.ts != text_at(json, "ts") || post.channel != text_at(json, "channel")) continue;
        if (post.is_gone) break;
        std::tie(post.headline, post.text) = read_texts(json);
        return done(post.channel, post.ts);
    }
    return error("message_not_found");
}

BotOffice::BotOffice(std::string path)
    : now(parse_instant("2026-11-20T08:00:00Z").value()),
      path_(path.empty() ? folder_.file("nudged.db") : std::move(path)),
      before_(set_event_sink([this](const EventKind& kind, std::span<const EventField>) {
          events.emplace_back(kind.name);
      })) {
    restart();
}

BotOffice::~BotOffice() {
    delivery_.reset();
    http_.reset();
    writer_.reset();
    set_event_sink(std::move(before_));
}

void BotOffice::post(const std::string& title, const std::string& continues,
                     const std::string& edits) {
    model::Message message;
    message.title = title;
    message.recipient = "max@example.com";
    warehouse::NewMessage row;
    row.key = title;
    row.channel = "people";
    row.recipient = message.recipient;
    row.reason = edits.empty() ? "at_once" : "edit";
    row.message = model::to_json(message);
    row.due_at = now;
    row.expires_at = now + std::chrono::hours{24};
    row.continues = continues;
    row.edits = edits;
    writer_->run_blocking(
        [&](warehouse::Database& database) { warehouse::insert_message(database, row, now); });
}

channels::ChannelOptions BotOffice::people() const {
    channels::ChannelOptions options;
    options.name = "people";
    options.kind = kind_;
    options.audience = channels::Audience::manager;
    if (kind_ == "file")
        options.kind_options = channels::FileOptions{folder_.file("people.txt"), "text"};
    else
        options.kind_options =
            channels::SlackBotOptions{Secret{"xoxb-1-s3cr3t"}, slack_channel_, slack.api_url()};
    return options;
}

void BotOffice::restart() {
    delivery_.reset();
    http_.reset();
    writer_.reset();
    http_ = std::make_unique<net::HttpClient>(loop_.get_executor());
    warehouse::WriterOptions options;
    options.path = path_;
    writer_ = std::make_unique<warehouse::Writer>(std::move(options));
    const auto bot = people();
    channels::ChannelOptions mail;
    mail.name = "mail";
    mail.kind = "file";
    mail.kind_options = channels::FileOptions{folder_.file("mail.txt"), "text"};
    std::vector<runtime::Destination> destinations;
    destinations.push_back(
        {"people",
         std::make_unique<Hurried>(channels::find_kind(kind_)->make(bot, *http_)),
         {.fallback = fallback_, .admin_channel = ""}});
    destinations.push_back({"mail", channels::find_kind("file")->make(mail, *http_)});
    delivery_ = std::make_unique<runtime::Delivery>(
        loop_.get_executor(), *writer_, std::move(destinations), [this] { return now; });
}

void BotOffice::move_to(const std::string& slack_channel) {
    slack_channel_ = slack_channel;
    restart();
}

void BotOffice::cannot_edit() {
    kind_ = "file";
    restart();
}

void BotOffice::have_fallback() {
    fallback_ = "mail";
    restart();
}

int BotOffice::deliver_all() {
    int tried = 0;
    while (run(delivery_->deliver_once("people"))) ++tried;
    return tried;
}

std::string BotOffice::state_of(const std::string& key) {
    std::string state = "unknown to the outbox";
    writer_->run_blocking([&](warehouse::Database& database) {
        auto id = database.prepare("SELECT id FROM outbox WHERE key = ?1");
        id.bind(1, std::string_view{key});
        if (!id.step()) return;
        const auto row = warehouse::read_outbox_row(database, warehouse::OutboxId{id.integer(0)});
        state = fmt::format("{} {} {}", to_string(row->state), row->attempts, row->last_reason);
    });
    return state;
}

}  // namespace nudged::tests
