//! The description of every call, for programs at `/openapi.json` and for people at `/docs`. Nothing is loaded from elsewhere.

use axum::Router;
use utoipa::{
    Modify, OpenApi,
    openapi::security::{Http, HttpAuthScheme, SecurityScheme},
};
use utoipa_swagger_ui::SwaggerUi;

use crate::app::App;

#[derive(OpenApi)]
#[openapi(
    info(title = "Waxwing gateway", description = "What a desktop asks of the gateway."),
    modifiers(&BearerToken),
)]
struct Description;

struct BearerToken;

impl Modify for BearerToken {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let token = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        openapi.components.get_or_insert_default().add_security_scheme("token", token);
    }
}

pub(super) fn description() -> utoipa::openapi::OpenApi {
    Description::openapi()
}

pub(super) fn router(description: utoipa::openapi::OpenApi) -> Router<App> {
    SwaggerUi::new("/docs").url("/openapi.json", description).into()
}
