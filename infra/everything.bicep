// Everything inside the resource group. Each part is a module of its own; what depends on what is to be read here.

@description('Name of the environment, such as prod.')
@minLength(1)
@maxLength(32)
param environmentName string

@description('Region of everything, unless schedulerLocation says otherwise.')
param location string = resourceGroup().location

@description('Region of the Durable Task scheduler, which is not in every region.')
param schedulerLocation string = location

@description('Tags of everything.')
param tags object = { 'azd-env-name': environmentName }

@description('How large it is: small, medium or large, a key of sizes.json.')
@allowed(['small', 'medium', 'large'])
param size string

@description('What keeps the orchestrations: azureManaged (Durable Task Scheduler) or AzureStorage.')
@allowed(['azureManaged', 'AzureStorage'])
param orchestrationStore string

@description('Whether the app reaches storage, vault, database and scheduler through private endpoints alone.')
param privateNetworking bool

@description('Address space of the virtual network, /23 or larger. Used with private networking.')
param networkAddressPrefix string

@description('Address that alerts are mailed to.')
param alertEmail string

@description('SID of the Twilio account.')
param twilioAccountSid string

@description('SID of the Twilio messaging service to send from; this or twilioFrom.')
param twilioMessagingServiceSid string

@description('Number to send from, in E.164; this or twilioMessagingServiceSid.')
param twilioFrom string

@description('Twilio auth token; empty keeps the one in the vault.')
@secure()
param twilioAuthToken string

@description('Root API key of FollowUp; empty keeps the one in the vault.')
@secure()
param rootApiKey string

@description('Address under which Twilio and people reach the app; empty for the app\'s own.')
param publicUrl string

@description('Entra object id of the administrator of the database.')
param databaseAdministratorObjectId string

@description('Name of that administrator as Entra knows it.')
param databaseAdministratorName string

@description('Kind of that administrator.')
@allowed(['User', 'Group', 'ServicePrincipal'])
param databaseAdministratorType string

@description('Days for which logs are kept.')
param logRetentionDays int

@description('Whether the deleted key vault is kept for 90 days whatever anybody does.')
param vaultPurgeProtection bool

@description('Minutes for which a text may have been due before operators hear of it.')
@minValue(3)
param oldestDueMinutesThreshold int

@description('Refused, undelivered or unknown texts in 15 minutes that are too many.')
param failedSendsThreshold int

@description('Percentage of recipients found opted out, over six hours, that is too many.')
param optedOutPercentThreshold int

type sizing = {
  instanceMemoryMB: 512 | 2048 | 4096
  maximumInstanceCount: int
  alwaysReadyHttp: int
  alwaysReadyDurable: int
  zoneRedundant: bool
  databaseTier: string
  databaseSku: string
  databaseStorageGB: int
  databaseHighAvailability: string
  databaseBackupDays: int
  databaseGeoBackup: string
  databaseUserConnections: int
  connectionsPerInstance: int
  schedulerSku: 'Consumption' | 'Dedicated'
  schedulerCapacity: int
  storageSku: string
}

var sizes = loadJsonContent('sizes.json')
var chosen sizing = sizes[size]

// The same environment in the same group has the same names; they need not be unique in the world by themselves.
var token = toLower(uniqueString(subscription().id, resourceGroup().id, environmentName))
var names = {
  identity: 'id-followup-${token}'
  workspace: 'log-followup-${token}'
  applicationInsights: 'appi-followup-${token}'
  network: 'vnet-followup-${token}'
  storage: 'stfollowup${token}'
  vault: 'kv-followup-${take(token, 12)}'
  database: 'psql-followup-${token}'
  scheduler: 'dts-followup-${token}'
}
var databaseName = 'followup'
var taskHubName = 'followup'
var usesScheduler = orchestrationStore == 'azureManaged'

module identity 'app/identity.bicep' = {
  name: 'identity'
  params: {
    name: names.identity
    location: location
    tags: tags
  }
}

module monitoring 'app/monitoring.bicep' = {
  name: 'monitoring'
  params: {
    workspaceName: names.workspace
    applicationInsightsName: names.applicationInsights
    location: location
    tags: tags
    retentionDays: logRetentionDays
  }
}

module network 'app/network.bicep' = if (privateNetworking) {
  name: 'network'
  params: {
    name: names.network
    location: location
    tags: tags
    addressPrefix: networkAddressPrefix
  }
}

module storage 'app/storage.bicep' = {
  name: 'storage'
  params: {
    name: names.storage
    location: location
    tags: tags
    sku: chosen.storageSku
    privateNetworking: privateNetworking
    deploymentContainer: 'deployments'
  }
}

module vault 'app/vault.bicep' = {
  name: 'vault'
  params: {
    name: names.vault
    location: location
    tags: tags
    privateNetworking: privateNetworking
    purgeProtection: vaultPurgeProtection
    twilioAuthToken: twilioAuthToken
    rootApiKey: rootApiKey
  }
}

module database 'app/database.bicep' = {
  name: 'database'
  params: {
    name: names.database
    location: location
    tags: tags
    tier: chosen.databaseTier
    sku: chosen.databaseSku
    storageGB: chosen.databaseStorageGB
    highAvailability: chosen.databaseHighAvailability
    backupDays: chosen.databaseBackupDays
    geoBackup: chosen.databaseGeoBackup
    privateNetworking: privateNetworking
    administratorObjectId: databaseAdministratorObjectId
    administratorName: databaseAdministratorName
    administratorType: databaseAdministratorType
  }
}

module scheduler 'app/scheduler.bicep' = if (usesScheduler) {
  name: 'scheduler'
  params: {
    name: names.scheduler
    location: schedulerLocation
    tags: tags
    sku: chosen.schedulerSku
    capacity: chosen.schedulerCapacity
    taskHubName: taskHubName
    privateNetworking: privateNetworking
  }
}

module roles 'app/roles.bicep' = {
  name: 'roles'
  params: {
    // Names, not the outputs of the modules: so that what-if can say what will become of the roles.
    identityName: names.identity
    storageName: names.storage
    vaultName: names.vault
    applicationInsightsName: names.applicationInsights
    schedulerName: usesScheduler ? names.scheduler : ''
    taskHubName: taskHubName
  }
  dependsOn: [identity, storage, vault, monitoring, scheduler]
}

// groupId and zone as Azure names them; queues and tables are used by Durable Functions on Azure Storage alone.
var storageEndpoints = concat(['blob'], usesScheduler ? [] : ['queue', 'table'])

module storageEndpoint 'app/private-endpoint.bicep' = [
  for kind in storageEndpoints: if (privateNetworking) {
    name: 'endpoint-${kind}'
    params: {
      name: 'pe-followup-${kind}-${token}'
      location: location
      tags: tags
      networkName: names.network
      subnetName: 'endpoints'
      targetId: storage.outputs.id
      groupId: kind
      zoneName: 'privatelink.${kind}.${environment().suffixes.storage}'
    }
    dependsOn: [network]
  }
]

module vaultEndpoint 'app/private-endpoint.bicep' = if (privateNetworking) {
  name: 'endpoint-vault'
  params: {
    name: 'pe-followup-vault-${token}'
    location: location
    tags: tags
    networkName: names.network
    subnetName: 'endpoints'
    targetId: vault.outputs.id
    groupId: 'vault'
    zoneName: 'privatelink.vaultcore.azure.net'
  }
  dependsOn: [network]
}

module databaseEndpoint 'app/private-endpoint.bicep' = if (privateNetworking) {
  name: 'endpoint-database'
  params: {
    name: 'pe-followup-database-${token}'
    location: location
    tags: tags
    networkName: names.network
    subnetName: 'endpoints'
    targetId: database.outputs.id
    groupId: 'postgresqlServer'
    zoneName: 'privatelink.postgres.database.azure.com'
  }
  dependsOn: [network]
}

module schedulerEndpoint 'app/private-endpoint.bicep' = if (privateNetworking && usesScheduler) {
  name: 'endpoint-scheduler'
  params: {
    name: 'pe-followup-scheduler-${token}'
    location: location
    tags: tags
    networkName: names.network
    subnetName: 'endpoints'
    targetId: scheduler!.outputs.id
    groupId: 'scheduler'
    zoneName: 'privatelink.durabletask.io'
  }
  dependsOn: [network]
}

module functions 'app/functions.bicep' = {
  name: 'functions'
  params: {
    name: 'func-followup-${token}'
    planName: 'plan-followup-${token}'
    location: location
    tags: tags
    instanceMemoryMB: chosen.instanceMemoryMB
    maximumInstanceCount: chosen.maximumInstanceCount
    alwaysReadyHttp: chosen.alwaysReadyHttp
    alwaysReadyDurable: chosen.alwaysReadyDurable
    zoneRedundant: chosen.zoneRedundant
    subnetId: network.?outputs.appSubnetId ?? ''
    identityId: identity.outputs.id
    identityName: identity.outputs.name
    identityClientId: identity.outputs.clientId
    storageName: storage.outputs.name
    deploymentContainerUri: storage.outputs.deploymentContainerUri
    applicationInsightsName: names.applicationInsights
    schedulerEndpoint: scheduler.?outputs.endpoint ?? ''
    taskHubName: taskHubName
    databaseHost: database.outputs.host
    databaseName: databaseName
    connectionsPerInstance: chosen.connectionsPerInstance
    twilioAuthTokenUri: vault.outputs.twilioAuthTokenUri
    rootApiKeyUri: vault.outputs.rootApiKeyUri
    twilioAccountSid: twilioAccountSid
    twilioMessagingServiceSid: twilioMessagingServiceSid
    twilioFrom: twilioFrom
    publicUrl: publicUrl
  }
  // Before it has its roles and its network the app starts in vain.
  dependsOn: [monitoring, roles, storageEndpoint, vaultEndpoint, databaseEndpoint, schedulerEndpoint]
}

module alerts 'app/alerts.bicep' = {
  name: 'alerts'
  params: {
    name: 'followup-${token}'
    location: location
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
    applicationInsightsId: monitoring.outputs.applicationInsightsId
    email: alertEmail
    appUrl: functions.outputs.url
    oldestDueMinutesThreshold: oldestDueMinutesThreshold
    failedSendsThreshold: failedSendsThreshold
    optedOutPercentThreshold: optedOutPercentThreshold
  }
}

module workbook 'app/workbook.bicep' = {
  name: 'workbook'
  params: {
    location: location
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
  }
}

output appName string = functions.outputs.name
output appUrl string = functions.outputs.url
output identityName string = identity.outputs.name
output identityPrincipalId string = identity.outputs.principalId
output vaultName string = vault.outputs.name
output databaseServer string = database.outputs.name
output databaseHost string = database.outputs.host
output databaseName string = databaseName
output databaseAdministrator string = database.outputs.administratorName
