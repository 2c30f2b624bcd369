from config.api.routing import endpoint
from contracts.api.contract_options import ContractOptionsView
from contracts.api.merge_contract import MergeContractView
from contracts.api.organization_info import OrganizationInfoView

urlpatterns = [
    endpoint("contract-options", ContractOptionsView, name="api-contract-options"),
    endpoint("organization-info", OrganizationInfoView, name="api-organization-info"),
    endpoint("merge-contract", MergeContractView, name="api-merge-contract"),
]
