// SPDX-License-Identifier: Apache-2.0
#include "tests/daemon/runtime/post_office.hpp"

#include "connectors/channels/catalog.hpp"
#include "connectors/model/message.hpp"
#include "daemon/warehouse/outbox.hpp"

#include <rapidjson/document.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace nudged::tests {
namespace {

namespace fs = std::filesystem;

/// The Slack channel, but for its pace: a test's second is not a real one.
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
    bool can_edit() const override { return real_->can_edit(); }
    channels::Pace pace() const override { return {1'000, std::chrono::milliseconds{1}}; }

private:
    std::unique_ptr<channels::Channel> real_;
};

std::string new_folder() {
    std::string pattern = (fs::temp_directory_path() / "nudged-XXXXXX").string();
    return ::mkdtemp(pattern.data());
}

std::string title_of(const std::string& body) {
    rapidjson::Document json;
    json.Parse(body.data(), body.size());
    const bool is_json = !json.HasParseError() && json.IsObject() && json.HasMember("text");
    const std::string text = is_json ? json["text"].GetString() : "no JSON";
    const bool again = body.find("possible repeat") != std::string::npos;
    return text.substr(0, text.find('\n')) + (again ? " again" : "");
}

}  // namespace

PostOffice::PostOffice()
    : now(parse_instant("2026-11-20T08:00:00Z").value()),
      folder_(new_folder()),
      far_end_([this](const Request&) { return next_reply(); }) {
    restart();
}

PostOffice::~PostOffice() {
    delivery_.reset();
    http_.reset();
    writer_.reset();
    fs::remove_all(folder_);
}

Reply PostOffice::next_reply() {
    const std::lock_guard lock(mutex_);
    if (replies_.empty()) return Reply::text("ok");
    auto reply = std::move(replies_.front());
    replies_.pop_front();
    return reply;
}

void PostOffice::answer(std::vector<Reply> replies) {
    const std::lock_guard lock(mutex_);
    std::move(replies.begin(), replies.end(), std::back_inserter(replies_));
}

void PostOffice::post(const std::string& title, const std::string& reason,
                      std::optional<Instant> quiet_from) {
    model::Message message;
    message.title = title;
    message.reference = "3fa9c2d1";
    writer_->run_blocking([&](warehouse::Database& database) {
        warehouse::NewMessage row;
        row.key = title;
        row.channel = "managers";
        row.recipient = "max@example.com";
        row.reason = reason;
        row.quiet_from = quiet_from;
        row.message = model::to_json(message);
        row.due_at = now;
        row.expires_at = now + std::chrono::hours{24};
        warehouse::insert_message(database, row, now);
    });
}

void PostOffice::have_fallback() {
    has_fallback_ = true;
    restart();
}

void PostOffice::set_clock(std::chrono::milliseconds by) {
    now += by;
    set_by_ += by;
}

void PostOffice::have_admin() {
    has_admin_ = true;
    restart();
}

std::string PostOffice::appended(const std::string& channel) const {
    std::ifstream file(folder_ + "/" + channel);
    return {std::istreambuf_iterator<char>(file), {}};
}

bool PostOffice::deliver_once() {
    return deliver_once_by("managers");
}

bool PostOffice::deliver_once_by(const std::string& channel) {
    auto tried = asio::co_spawn(*loop_, delivery_->deliver_once(channel), asio::use_future);
    run_until([&] { return tried.wait_for(std::chrono::seconds{0}) == std::future_status::ready; });
    return tried.get();
}

int PostOffice::deliver_all() {
    int tried = 0;
    while (deliver_once()) ++tried;
    return tried;
}

void PostOffice::restart(const std::string& url) {
    delivery_.reset();
    http_.reset();
    writer_.reset();  // before the loop that its thread posts to
    loop_.reset();
    loop_ = std::make_unique<asio::io_context>();
    http_ = std::make_unique<net::HttpClient>(loop_->get_executor());
    warehouse::WriterOptions options;
    options.path = folder_ + "/nudged.db";
    writer_ = std::make_unique<warehouse::Writer>(std::move(options));
    channels::ChannelOptions channel;
    channel.name = "managers";
    channel.kind = "slack";
    channel.kind_options =
        channels::SlackOptions{Secret{url.empty() ? far_end_.url("/services/T0/B0/x") : url}};
    std::vector<runtime::Destination> destinations;
    const runtime::Rescue rescue{.fallback = has_fallback_ ? "mail" : "",
                                 .admin_channel = has_fallback_ || has_admin_ ? "ops" : ""};
    destinations.push_back(
        {"managers", std::make_unique<Hurried>(channels::find_kind("slack")->make(channel, *http_)),
         rescue});
    for (const char* name : {"mail", "ops"}) {
        channels::ChannelOptions file;
        file.name = name;
        file.kind = "file";
        file.kind_options = channels::FileOptions{.path = folder_ + "/" + name};
        destinations.push_back({name, channels::find_kind("file")->make(file, *http_)});
    }
    delivery_ = std::make_unique<runtime::Delivery>(
        loop_->get_executor(), *writer_, std::move(destinations), [this] { return now; },
        [this] { return std::chrono::steady_clock::time_point{now.time_since_epoch() - set_by_}; });
}

std::vector<std::string> PostOffice::received() const {
    std::vector<std::string> titles;
    for (const auto& request : far_end_.requests()) titles.push_back(title_of(request.body));
    return titles;
}

std::string PostOffice::state_of(const std::string& title) {
    std::string state = "unknown to the outbox";
    writer_->run_blocking([&](warehouse::Database& database) {
        auto row = database.prepare("SELECT id FROM outbox WHERE key = ?1");
        row.bind(1, std::string_view{title});
        if (!row.step()) return;
        const auto read =
            warehouse::read_outbox_row(database, warehouse::OutboxId{row.integer(0)}).value();
        state = fmt::format("{} {} {}", to_string(read.state), read.attempts, read.last_outcome);
    });
    return state;
}

warehouse::ChannelState PostOffice::channel_state() {
    warehouse::ChannelState state;
    writer_->run_blocking([&](warehouse::Database& database) {
        state = warehouse::read_channel_state(database, "managers");
    });
    return state;
}

}  // namespace nudged::tests
