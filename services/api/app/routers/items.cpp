// The endpoints of items: /v1/items.
#include <routers/http_errors.hpp>
#include <schemas/item.hpp>
#include <schemas/item_event.hpp>
#include <schemas/item_list.hpp>
#include <services/item_events.hpp>
#include <services/item_service.hpp>
#include <services/item_statistics.hpp>

#include <web/extract.hpp>
#include <web/result.hpp>
#include <web/router.hpp>
#include <web/server_events.hpp>

namespace app {

// The services' failures in HTTP.
static web::NotFound http_error(ItemMissing) {
    return web::NotFound("There is no such item.");
}
static web::PreconditionFailed http_error(ItemChanged) {
    return web::PreconditionFailed(
        "The item has changed since you read it. Read it again and repeat your change.");
}

namespace {

using base::Task;
using web::Body, web::Created, web::CreatedAll, web::Dep, web::Header, web::IfMatch,
    web::IfNoneMatch, web::MergePatch, web::NoContent, web::Path, web::QueryParams, web::Result;

using Key = Header<"Idempotency-Key", std::optional<IdempotencyKey>>;

enum class Comparison { kStrong, kWeak };

// The versions that entity tags name. One that is not ours names none, nor does a weak one in a
// strong comparison (RFC 9110, section 8.8.3.2).
std::vector<base::Timestamp> versions(const web::EntityTags& tags, Comparison comparison) {
    std::vector<base::Timestamp> result;
    for (const auto& tag : tags.tags) {
        if (tag.weak && comparison == Comparison::kStrong) continue;
        if (const auto version = version_of_entity_tag(tag.opaque)) result.push_back(*version);
    }
    return result;
}

Precondition precondition(const IfMatch& if_match, const IfNoneMatch& if_none_match) {
    Precondition result;
    if (if_match && !if_match->any) result.only = versions(*if_match, Comparison::kStrong);
    if (!if_none_match) return result;
    if (if_none_match->any) {
        result.only.emplace();  // "none may exist": no version of an item that does is admitted
    } else {
        result.except = versions(*if_none_match, Comparison::kWeak);
    }
    return result;
}

// GET /v1/items
Task<ItemPage> list_items(QueryParams<ItemFilter> filter, Dep<ItemService> items) {
    return items->list(std::move(filter));
}

// POST /v1/items
Task<Result<Created<ItemRead>, KeyReused>> create_item(Key key, Body<ItemCreate> item,
                                                       Dep<ItemService> items) {
    co_return co_await items->add(std::move(item), std::move(key));
}

// POST /v1/items/bulk
Task<Result<CreatedAll<ItemBulk>, KeyReused>> create_items(Key key, Body<ItemBulkCreate> bulk,
                                                           Dep<ItemService> items) {
    co_return co_await items->add_all(std::move(bulk), std::move(key));
}

// GET /v1/items/stats
Task<ItemStats> read_item_stats(Dep<ItemStatistics> statistics) {
    return statistics->read();
}

// Adapts the service's events to the transport.
class ItemEventSource final : public web::EventSource {
public:
    explicit ItemEventSource(std::unique_ptr<ItemEvents::Stream> stream)
        : stream_(std::move(stream)) {}

    Task<std::optional<web::ServerEvent>> next() override {
        auto next = co_await stream_->next();
        if (!next) co_return std::nullopt;
        const auto event = to_event(std::move(next->change));
        co_return web::json_event(event, std::string(event.kind.view()),
                                  next->position.to_string());
    }
    void stop() noexcept override { stream_->stop(); }

private:
    static ItemEvent to_event(std::optional<ItemEvents::Change> change) {
        const auto kind = change ? ItemEventKind::parse(change->kind) : std::nullopt;
        // A newer release's word for a change: that there was one, a reset says as well.
        if (!kind) return {};
        return {
            .kind = *kind, .occurred_at = change->occurred_at, .item = std::move(change->record)};
    }

    std::unique_ptr<ItemEvents::Stream> stream_;
};

// GET /v1/items/events
Task<web::EventStream<ItemEvent>> stream_item_events(
    Header<"Last-Event-ID", std::optional<std::string>> last_event_id, Dep<ItemEvents> events) {
    // The log has no place for an id that we did not write: the stream says so by a reset.
    const auto after = last_event_id ? database::LogPosition::parse(*last_event_id) : std::nullopt;
    auto source = std::make_unique<ItemEventSource>(events->subscribe(after));
    co_return web::EventStream<ItemEvent>{.source = std::move(source)};
}

// GET /v1/items/{id}
Task<Result<ItemRead, ItemMissing>> read_item(Path<"id", ItemId> id, Dep<ItemService> items) {
    return items->find(id);
}

// PUT /v1/items/{id}
Task<Result<ItemRead, ItemMissing, ItemChanged>> replace_item(Path<"id", ItemId> id,
                                                              IfMatch if_match,
                                                              IfNoneMatch if_none_match,
                                                              Body<ItemCreate> item,
                                                              Dep<ItemService> items) {
    return items->replace(id, std::move(item), precondition(if_match, if_none_match));
}

// PATCH /v1/items/{id}
Task<Result<ItemRead, ItemMissing, ItemChanged>> patch_item(Path<"id", ItemId> id, IfMatch if_match,
                                                            IfNoneMatch if_none_match,
                                                            MergePatch<ItemPatch> patch,
                                                            Dep<ItemService> items) {
    return items->patch(id, std::move(patch), precondition(if_match, if_none_match));
}

// DELETE /v1/items/{id}
Task<Result<NoContent, ItemMissing, ItemChanged>> delete_item(Path<"id", ItemId> id,
                                                              IfMatch if_match,
                                                              IfNoneMatch if_none_match,
                                                              Dep<ItemService> items) {
    return items->remove(id, precondition(if_match, if_none_match));
}

}  // namespace

web::Router items_router() {
    return web::Router("/v1/items", "items", "What is in stock.")
        .get<"/", list_items>("List items, a page at a time")
        .post<"/", create_item>("Create an item")
        .post<"/bulk", create_items>("Create up to 1,000 items, all or none")
        .get<"/stats", read_item_stats>("Statistics of all items")
        .get<"/events", stream_item_events>("Follow changes as they happen (Server-Sent Events)")
        .get<"/{id}", read_item>("Read one item")
        .put<"/{id}", replace_item>("Replace an item")
        .patch<"/{id}", patch_item>("Change parts of an item (JSON Merge Patch)")
        .del<"/{id}", delete_item>("Delete an item");
}

}  // namespace app
