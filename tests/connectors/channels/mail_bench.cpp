// SPDX-License-Identifier: Apache-2.0
#include "tests/connectors/channels/mail_bench.hpp"

namespace nudged::tests {

model::Message brief() {
    model::Message message;
    message.title = "North · week 2026-W47";
    message.subtitle = "5 working days · HubSpot as of Mon 07:10";
    auto& praise = message.sections.emplace_back();
    praise.heading = "Worth praising";
    praise.items.push_back({"↗",
                            "Ana Díaz",
                            "https://crm.example/users/7?a=1&b=2",
                            "52 dials a day (agreed 50, from 40).",
                            "",
                            {}});
    auto& table = message.sections.emplace_back();
    table.heading = "Team";
    table.columns = {"Person", "Dials", "Meetings"};
    table.rows = {{"Ana Díaz ↗", "260 / 250", "4 / 5"}, {"Ben O'Hara →", "190 / 250", "6 / 5"}};
    auto& talk = message.sections.emplace_back();
    talk.heading = "Worth a conversation";
    talk.items.push_back({"◆",
                          "Acme & Sons renewal",
                          "https://crm.example/deals/1",
                          "The close date moved a second time (31 Mar → 30 Apr → 29 May).",
                          "What has to happen at the customer before that date is real?",
                          {{"amount", "€ 120,000", ""},
                           {"history", "open", "https://crm.example/deals/1/history"}}});
    talk.more = "and 3 more: nudged evaluate --owner ana@example.com";
    message.footer = "Held back: nothing.";
    message.reference = "3f2a91bc";
    return message;
}

MailBench::MailBench(const channels::ChannelOptions& options)
    : channel_(channels::find_kind(options.kind)->make(options, http_)) {}

channels::SendOutcome MailBench::send(const std::string& payload, const std::string& key) {
    auto sent = boost::asio::co_spawn(loop_, channel_->send(payload, key), boost::asio::use_future);
    loop_.restart();
    while (sent.wait_for(std::chrono::seconds{0}) != std::future_status::ready) loop_.run_one();
    return sent.get();
}

channels::ChannelOptions smtp_options(int port, std::vector<std::string> to) {
    channels::SmtpOptions smtp;
    smtp.host = "127.0.0.1";
    smtp.port = port;
    smtp.security = "none";
    smtp.mail.from = "nudged@example.com";
    smtp.mail.to = std::move(to);
    channels::ChannelOptions options;
    options.name = "managers";
    options.kind = "smtp";
    options.kind_options = std::move(smtp);
    return options;
}

}  // namespace nudged::tests
