// The two secrets that the app needs. They are written by the deployment itself, through Azure's control plane, so that whoever deploys needs
// no access to secrets, and so that it works while the vault is closed to public networks.

@description('Name of the key vault.')
param name string

@description('Region of the vault.')
param location string

@description('Tags of the vault.')
param tags object

@description('Whether the vault answers to its private endpoint alone.')
param privateNetworking bool

@description('Whether a deleted vault cannot be purged before its 90 days are over. Its name is taken for that long.')
param purgeProtection bool

@description('Twilio auth token; empty keeps the one that is in the vault.')
@secure()
param twilioAuthToken string

@description('Root API key of FollowUp; empty keeps the one that is in the vault.')
@secure()
param rootApiKey string

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    enablePurgeProtection: purgeProtection ? true : null
    publicNetworkAccess: privateNetworking ? 'disabled' : 'enabled'
    networkAcls: {
      defaultAction: privateNetworking ? 'Deny' : 'Allow'
      bypass: 'AzureServices'
    }
  }
}

resource twilioAuthTokenSecret 'Microsoft.KeyVault/vaults/secrets@2025-05-01' = if (!empty(twilioAuthToken)) {
  parent: vault
  name: 'twilio-auth-token'
  properties: {
    value: twilioAuthToken
    contentType: 'Twilio auth token'
  }
}

resource rootApiKeySecret 'Microsoft.KeyVault/vaults/secrets@2025-05-01' = if (!empty(rootApiKey)) {
  parent: vault
  name: 'followup-root-api-key'
  properties: {
    value: rootApiKey
    contentType: 'FollowUp root API key'
  }
}

output id string = vault.id
output name string = vault.name

// Without a version, so that a rotated secret is taken up: at a restart, or within a day.
output twilioAuthTokenUri string = '${vault.properties.vaultUri}secrets/twilio-auth-token'
output rootApiKeyUri string = '${vault.properties.vaultUri}secrets/followup-root-api-key'
