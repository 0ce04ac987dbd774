// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/doctor.hpp"

#include "connectors/channels/mail/smtp.hpp"
#include "connectors/net/url.hpp"
#include "connectors/sources/http/http_source.hpp"
#include "daemon/runtime/workplace.hpp"

#include <boost/asio/detached.hpp>
#include <fmt/ranges.h>

#include <algorithm>
#include <atomic>
#include <map>

/// Name look-up and TLS of every destination, and our clock against theirs.
namespace nudged::cli::doctor {
namespace {

namespace asio = boost::asio;
using Verdict = Diagnosis::Verdict;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds longest_connect{5'000};
constexpr milliseconds longest_answer{8'000};
/// Receivers of signed webhooks refuse what is five minutes off; digests leave by our clock.
constexpr seconds clock_note{30};
constexpr seconds clock_wrong{120};

/// Who talks to which "https://host:port".
using Destinations = std::map<std::string, std::vector<std::string>>;

void add(Destinations& destinations, const std::string& owner, std::string_view url) {
    const auto place = net::parse_place(url);
    if (!place) return;
    auto& owners = destinations[place->str()];
    if (std::find(owners.begin(), owners.end(), owner) == owners.end()) owners.push_back(owner);
}

void add_source(Destinations& destinations, const sources::SourceOptions& source,
                const config::Config& config) {
    const auto owner = "source " + source.name;
    if (const auto* csv = std::get_if<sources::CsvSourceOptions>(&source.connector_options))
        for (const auto& table : csv->tables) add(destinations, owner, table.file);
    if (!std::holds_alternative<sources::HttpSourceOptions>(source.connector_options)) return;
    const auto manifest = sources::read_manifest(source, config.daemon.manifest_dir);
    add(destinations, owner, manifest.base_url);
    for (const auto& step : manifest.auth.steps) add(destinations, owner, step.url);
}

void add_channel(Destinations& destinations, const channels::ChannelOptions& channel) {
    const auto owner = "channel " + channel.name;
    std::visit(
        [&](const auto& options) {
            if constexpr (requires { options.url.reveal(); })
                add(destinations, owner, options.url.reveal());
            else if constexpr (requires { options.url; })
                add(destinations, owner, options.url);
            if constexpr (requires { options.token.token_url; })
                add(destinations, owner, options.token.token_url);
            if constexpr (requires { options.login_url; })
                add(destinations, owner, options.login_url);
            if constexpr (requires { options.api_url; }) add(destinations, owner, options.api_url);
        },
        channel.kind_options);
}

/// What to do about a connection that did not come about, by libcurl's word for it.
std::string remedy_of(int curl_code) {
    switch (curl_code) {
    case 5:
    case 6:
        return "look for a typo in the URL, and whether this machine's DNS answers: `resolvectl "
               "query NAME`";
    case 7:
    case 28: return "look at the firewall and, behind a proxy, at HTTPS_PROXY of the service";
    case 35:
    case 60:
    case 77:
    case 83:
        return "look at this machine's clock and at the package ca-certificates; a proxy that "
               "opens "
               "TLS needs its authority's certificate there";
    default: return "try again; if it lasts, ask whoever runs it";
    }
}

struct Seen {
    Diagnoses diagnoses;
    std::vector<milliseconds> ahead;  // how far each server's clock is before ours
};

/// A request without any credential: that there is an answer is all that is asked.
asio::awaitable<void> knock(net::Exchange& http, std::string origin, std::string owners,
                            Seen& seen) {
    net::HttpRequest request;
    request.url = origin + "/";
    request.connect_timeout = longest_connect;
    request.timeout = longest_answer;
    request.max_body_bytes = 1u << 20;
    Diagnosis diagnosis{"destination", Verdict::good, fmt::format("{} ({})", origin, owners)};
    try {
        const auto before = system_now();
        const auto response = co_await http.send(std::move(request));
        const auto after = system_now();
        // `Date` has whole seconds: half a second is added, so that it is right on the average.
        if (const auto date = response.date())
            seen.ahead.push_back(std::chrono::duration_cast<milliseconds>(
                *date + milliseconds{500} - (before + (after - before) / 2)));
        diagnosis.text += " answers";
    } catch (const net::TransferFailure& failure) {
        if (failure.sent() && failure.curl_code() != 28) {
            diagnosis.text += " answers";  // with more than is read here: it is there all the same
        } else {
            diagnosis.verdict = Verdict::person;
            diagnosis.text += fmt::format(": {}", failure.what());
            diagnosis.remedy = remedy_of(failure.curl_code());
        }
    }
    seen.diagnoses.push_back(std::move(diagnosis));
}

Diagnosis check_clock(std::vector<milliseconds> ahead) {
    if (ahead.empty())
        return {"clock", Verdict::note, "no server told its time",
                "see that this machine's clock is kept: `timedatectl`"};
    std::sort(ahead.begin(), ahead.end());
    const auto off = ahead[ahead.size() / 2];
    const auto distance = std::chrono::abs(off);
    Diagnosis seen{"clock", Verdict::good,
                   fmt::format("{:.0f} s {} {} of the servers",
                               std::chrono::duration<double>(distance).count(),
                               off.count() > 0 ? "behind" : "ahead of",
                               ahead.size() == 1 ? "the one" : "the middle one")};
    if (distance < clock_note) return seen;
    seen.verdict = distance < clock_wrong ? Verdict::note : Verdict::person;
    seen.remedy = "have this machine's clock kept: `timedatectl set-ntp true`";
    return seen;
}

Diagnoses look_at_destinations(const config::Config& config) {
    Destinations destinations;
    for (const auto& source : config.sources) add_source(destinations, source, config);
    for (const auto& channel : config.channels) add_channel(destinations, channel);
    add(destinations, "heartbeat", config.daemon.heartbeat_url.reveal());
    if (destinations.empty()) return {};
    runtime::Workplace place;
    Seen seen;
    for (const auto& [origin, owners] : destinations)
        asio::co_spawn(
            place.loop(),
            knock(place.http(), origin, fmt::format("{}", fmt::join(owners, ", ")), seen),
            asio::detached);
    place.loop().run();
    std::sort(seen.diagnoses.begin(), seen.diagnoses.end(),
              [](const auto& a, const auto& b) { return a.text < b.text; });
    seen.diagnoses.push_back(check_clock(std::move(seen.ahead)));
    return seen.diagnoses;
}

std::string_view stage_text(net::SmtpStage stage) {
    switch (stage) {
    case net::SmtpStage::connect: return "connecting";
    case net::SmtpStage::greeting: return "its greeting";
    case net::SmtpStage::hello: return "EHLO";
    case net::SmtpStage::tls: return "STARTTLS";
    default: return "the log-in";
    }
}

Diagnoses look_at_mail_server(const channels::ChannelOptions& channel) {
    const auto& options = std::get<channels::SmtpOptions>(channel.kind_options);
    auto server = channels::mail::server_of(options);
    // An access token would have to be asked for first; and a secret may not be open to us.
    if (server.auth == net::SmtpAuth::xoauth2 || server.secret.empty())
        server.auth = net::SmtpAuth::none;
    server.connect_timeout = longest_connect;
    server.reply_timeout = longest_connect;
    server.timeout = longest_answer;
    const bool logs_in = server.auth != net::SmtpAuth::none;
    const std::atomic<bool> never_stop{false};
    const auto reply = net::SmtpSession{std::move(server), never_stop}.greet();
    Diagnosis seen{"mail server", Verdict::good,
                   fmt::format("{}:{} (channel {})", options.host, options.port, channel.name)};
    if (reply.accepted) {
        seen.text += logs_in ? " answers and lets us in" : " answers";
        return {seen};
    }
    seen.verdict = Verdict::person;
    seen.text += fmt::format(" ends at {}", stage_text(reply.stage));
    if (reply.status != 0) seen.text += fmt::format(" with {} {}", reply.status, reply.enhanced);
    seen.remedy = reply.stage == net::SmtpStage::auth
                      ? "look at the channel's user and password"
                      : remedy_of(reply.stage == net::SmtpStage::tls ? 60 : reply.curl_code);
    return {seen};
}

}  // namespace

std::vector<Probe> probes_of_network(const SharedConfig& config) {
    std::vector<Probe> probes{{"destination", [config] { return look_at_destinations(*config); }}};
    for (const auto& channel : config->channels)
        if (std::holds_alternative<channels::SmtpOptions>(channel.kind_options))
            probes.push_back(
                {"mail server", [config, &channel] { return look_at_mail_server(channel); }});
    return probes;
}

}  // namespace nudged::cli::doctor
