// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/parser.hpp"
#include "daemon/cli/service_commands.hpp"
#include "daemon/runtime/care.hpp"
#include "daemon/runtime/control.hpp"
#include "daemon/runtime/generation.hpp"
#include "daemon/runtime/workplace.hpp"
#include "daemon/warehouse/outbox.hpp"

#include <cstdio>
#include <filesystem>

namespace nudged::cli {
namespace {

/// What came of one channel's messages.
struct Round {
    std::string channel;
    int tried = 0;
    std::size_t left = 0;
};

/// Whatever is due, once; what is not taken waits for the next time, as its channel says. What a
/// channel hands to one that has had its turn is sent, too: in as many passes as there are channels
/// it has come to the last one.
runtime::asio::awaitable<void> deliver_due(runtime::Delivery& delivery, warehouse::Writer& writer,
                                           std::vector<Round>& rounds) {
    bool is_any_tried = true;
    for (std::size_t pass = 0; is_any_tried && pass <= rounds.size(); ++pass) {
        is_any_tried = false;
        for (auto& round : rounds) {
            for (bool more = true; more;) {
                more = co_await delivery.deliver_once(round.channel);
                if (more) ++round.tried;
                is_any_tried = is_any_tried || more;
            }
        }
    }
    for (auto& round : rounds) {
        auto count = [&](warehouse::Database& database) {
            return warehouse::read_waiting(database, round.channel).size();
        };
        round.left = co_await writer.run(count);
    }
}

std::vector<Round> rounds_of(const config::Config& config, const std::string& only) {
    std::vector<Round> rounds;
    for (const auto& channel : config.channels)
        if (only.empty() || channel.name == only) rounds.push_back({channel.name});
    if (!rounds.empty()) return rounds;
    if (only.empty())
        fmt::print(stderr, "no channel is configured\n");
    else
        fmt::print(stderr, "--channel {}: there is no such channel in channels.d\n", only);
    throw Exit{exit_usage};
}

int deliver(const config::Config& config, std::vector<Round> rounds) {
    runtime::Workplace place;  // outlives the writer, which posts to its loop
    warehouse::Writer writer(runtime::writer_options(config));
    runtime::Delivery delivery(place.loop().get_executor(), writer,
                               runtime::make_destinations(config, place.http()), system_now,
                               [] { return std::chrono::steady_clock::now(); });
    place.run(deliver_due(delivery, writer, rounds));
    std::size_t left = 0;
    for (const auto& round : rounds) {
        left += round.left;
        fmt::print("channel {}: {} tried, {} waiting\n", round.channel, round.tried, round.left);
    }
    for (const auto& reason : delivery.broken()) fmt::print(stderr, "{}\n", reason);
    return left == 0 ? exit_ok : exit_failure;
}

}  // namespace

void add_deliver(Parser app, Context& context) {
    struct Words {
        bool once = false;
        std::string only;
    };
    auto words = std::make_shared<Words>();
    auto command = app.add_subcommand(
        "deliver", "Send the messages that are due, where no daemon runs that does; exits 1 when "
                   "some are left");
    command.add_flag("--once", words->once, "each message that is due is tried, and then it ends")
        .required();
    command.add_option("--channel", words->only, "only those to this channel");
    command.callback([words, &context] {
        auto config = context.load();
        auto rounds = rounds_of(*config, words->only);
        if (runtime::ControlClient::connect(config->control_socket_path())) {
            fmt::print(stderr, "the daemon runs, and sends what is due by itself; `nudged status` "
                               "tells what it cannot send\n");
            throw Exit{exit_failure};
        }
        if (!std::filesystem::exists(config->warehouse_path())) {
            fmt::print(stderr, "there is no warehouse yet: run `nudged sync` first\n");
            throw Exit{exit_unavailable};
        }
        config = context.load(config::Secrets::required);
        context.status = deliver(*config, std::move(rounds));
    });
}

}  // namespace nudged::cli
